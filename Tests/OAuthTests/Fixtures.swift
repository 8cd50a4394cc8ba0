import Encodings
import OAuth

/// A registered client, a valid request of it, and changes to that request.
enum Fixtures {
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    static func client(
        _ authentication: RegisteredClient.Authentication = .public, native: Bool = false,
        redirects: [String] = ["https://app.example/cb"], usesPKCE: Bool = true
    ) throws -> RegisteredClient {
        RegisteredClient(
            id: "portal", authentication: authentication, isNative: native,
            redirectURIs: try redirects.map { try RedirectURI(parsing: $0, native: native) },
            scopes: ["profile", "email"], usesPKCE: usesPKCE)
    }

    static func request(_ changes: [String: String?] = [:]) throws -> FormFields {
        var fields: [String: String?] = [
            "client_id": "portal", "redirect_uri": "https://app.example/cb", "response_type": "code",
            "scope": "openid", "state": "s1", "code_challenge": self.challenge, "code_challenge_method": "S256",
        ]
        fields.merge(changes) { $1 }
        return try self.form(fields)
    }

    static func form(_ fields: [String: String?]) throws -> FormFields {
        let pairs = fields.compactMap { name, value in value.map { (name, $0) } }
        return try FormURLEncoded.parse(FormURLEncoded.encode(pairs).utf8)
    }

    static func redirect(_ uri: String = "https://app.example/cb") throws -> ApprovedRedirect {
        let fields = try self.request(["redirect_uri": uri])
        return try AuthorizationTarget(fields).approved(for: self.client(redirects: [uri]))
    }
}
