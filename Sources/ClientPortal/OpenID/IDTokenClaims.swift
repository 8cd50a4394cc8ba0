// The claims of an ID token (OpenID Connect Core 1.0 section 2).

import JWTKit

/// All claims, as signed. Whether they are right is checked by `IDTokenExpectation`.
struct IDTokenClaims: Hashable, Sendable {
    let all: [String: JSONValue]

    subscript(name: String) -> JSONValue? { self.all[name] }

    var subject: String? { self.all["sub"]?.string }
    var authenticationTime: Double? { self.all["auth_time"]?.seconds }
    var contextClass: String? { self.all["acr"]?.string }
    var methods: [String] { self.all["amr"]?.strings ?? [] }
}

extension IDTokenClaims: JWTPayload {
    init(from decoder: any Decoder) throws { self.all = try [String: JSONValue](from: decoder) }

    func encode(to encoder: any Encoder) throws { try self.all.encode(to: encoder) }

    func verify(using algorithm: some JWTAlgorithm) {}
}
