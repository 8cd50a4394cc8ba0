// An OpenID provider for tests, in this process, that can be told to lie.

import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import JWTKit
import NIOCore
import Synchronization

@testable import ClientPortal

/// What the provider does wrong.
enum Fault: Hashable, Sendable, CaseIterable {
    case none
    // Tokens with a good signature and a wrong claim
    case wrongTokenIssuer, wrongNonce, noNonce, wrongAudience, secondAudience, wrongAuthorizedParty, expired, noExpiry
    case issuedLongAgo, issuedInFuture, authenticatedInFuture, authenticatedLongAgo, noAuthenticationTime, noSubject
    case wrongAccessTokenHash, audienceIsNumber
    // Tokens with a wrong signature or header
    case algorithmNone, hmacWithPublicKey, hmacWithPublicPoint, otherKeySameID, unknownKeyID, noKeyID, criticalHeader
    case changedPayload, notAToken, accessTokenType
    // Other answers
    case otherUserInUserinfo, noUserInUserinfo, userinfoRefused, tokenEndpointRefuses, tokenEndpointFails
    case wrongMetadataIssuer, metadataWithoutS256, metadataIsNotJSON
    case noLogout, silentAboutIssuer, answersWithoutIssuer
}

final class FakeProvider: Sendable {
    static let secret = "s3cret: with % and :"

    struct State {
        var issuer = ""
        var fault = Fault.none
        var codes: [String: [String: String]] = [:]
        var authorizations: [FormFields] = []
        var logouts: [FormFields] = []
        var keyFetches = 0
        var metadataFetches = 0
        var key = ES256PrivateKey()
        var keyID = "first"
        var claims: [String: JSONValue] = [
            "name": .string("Alice Chan"), "acr": .string("urn:example:two-factors"),
            "amr": .array([.string("pwd"), .string("otp"), .string("pin"), .string("hwk"), .string("mfa")]),
        ]
    }

    let state = Mutex(State())
    let now: @Sendable () -> Double

    init(now: @escaping @Sendable () -> Double) { self.now = now }

    var issuer: String { self.state.withLock { $0.issuer } }
    func set(_ fault: Fault) { self.state.withLock { $0.fault = fault } }
    func fault(_ fault: Fault) -> Bool { self.state.withLock { $0.fault == fault } }

    /// Serves on a free loopback port while the closure runs.
    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await Application(router: self.router()).test(.live) { client in
            self.state.withLock { $0.issuer = "http://localhost:\(client.port ?? 0)" }
            try await body()
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/.well-known/openid-configuration") { _, _ in self.metadata() }
        router.get("/jwks") { _, _ in try self.keys() }
        router.get("/authorize") { request, _ in try self.authorize(FormFields(parsing: request.uri.query ?? "")) }
        router.post("/token") { request, _ in
            let form = try FormFields(parsing: String(buffer: try await request.body.collect(upTo: 4096)))
            return try await self.token(form, authorization: request.headers[.authorization])
        }
        router.get("/userinfo") { request, _ in self.userinfo(authorization: request.headers[.authorization]) }
        router.get("/logout") { request, _ in
            let query = try FormFields(parsing: request.uri.query ?? "")
            self.state.withLock { $0.logouts.append(query) }
            let target = (query["post_logout_redirect_uri"] ?? "") + "?state=" + (query["state"] ?? "")
            return Response(status: .seeOther, headers: [.location: target])
        }
        return router
    }

    private func metadata() -> Response {
        self.state.withLock { $0.metadataFetches += 1 }
        if self.fault(.metadataIsNotJSON) {
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "<")))
        }
        let issuer = self.issuer
        var content: [String: JSONValue] = [
            "issuer": .string(self.fault(.wrongMetadataIssuer) ? issuer + "/" : issuer),
            "authorization_endpoint": .string(issuer + "/authorize"), "token_endpoint": .string(issuer + "/token"),
            "jwks_uri": .string(issuer + "/jwks"), "userinfo_endpoint": .string(issuer + "/userinfo"),
            "authorization_response_iss_parameter_supported": .bool(!self.fault(.silentAboutIssuer)),
            "code_challenge_methods_supported": .array([.string(self.fault(.metadataWithoutS256) ? "plain" : "S256")]),
        ]
        if !self.fault(.noLogout) { content["end_session_endpoint"] = .string(issuer + "/logout") }
        return Self.json(.object(content))
    }

    private func keys() throws -> Response {
        let (key, id) = self.state.withLock { state in
            state.keyFetches += 1
            return (state.key.publicKey, state.keyID)
        }
        guard let parameters = key.parameters else { return Response(status: .internalServerError) }
        let published: [String: JSONValue] = [
            "kty": .string("EC"), "crv": .string("P-256"), "use": .string("sig"), "alg": .string("ES256"),
            "kid": .string(id), "x": .string(Self.urlSafe(parameters.x)), "y": .string(Self.urlSafe(parameters.y)),
        ]
        let foreign: [String: JSONValue] = ["kty": .string("oct"), "kid": .string("secret"), "k": .string("AAAA")]
        return Self.json(.object(["keys": .array([.object(foreign), .object(published)])]))
    }

    /// Everybody is Alice and has just logged in.
    private func authorize(_ query: FormFields) throws -> Response {
        self.state.withLock { $0.authorizations.append(query) }
        guard query["response_type"] == "code", query["client_id"] == "client-portal",
            query["scope"]?.contains("openid") == true, query["code_challenge_method"] == "S256",
            let redirect = query["redirect_uri"], let state = query["state"], let nonce = query["nonce"],
            let challenge = query["code_challenge"]
        else { return Response(status: .badRequest) }
        let code = Secret.random()
        self.state.withLock { $0.codes[code] = ["nonce": nonce, "challenge": challenge, "redirect": redirect] }
        let issuer = self.fault(.answersWithoutIssuer) || self.fault(.silentAboutIssuer) ? "" : "&iss=\(self.issuer)"
        return Response(status: .found, headers: [.location: "\(redirect)?code=\(code)&state=\(state)\(issuer)"])
    }

    private func token(_ form: FormFields, authorization: String?) async throws -> Response {
        let basic = Data("client-portal:\(Self.secret.percentEncoded)".utf8).base64EncodedString()
        guard authorization == "Basic \(basic)" else { return Response(status: .unauthorized) }
        if self.fault(.tokenEndpointFails) { return Response(status: .internalServerError) }
        let grant = form["code"].flatMap { code in self.state.withLock { $0.codes.removeValue(forKey: code) } }
        let challenge = Data(SHA256.hash(data: Data((form["code_verifier"] ?? "").utf8))).base64URL
        guard let grant, grant["challenge"] == challenge, grant["redirect"] == form["redirect_uri"],
            form["grant_type"] == "authorization_code", !self.fault(.tokenEndpointRefuses)
        else { return Self.json(.object(["error": .string("invalid_grant")]), status: .badRequest) }
        return Self.json(
            .object([
                "access_token": .string("access"), "token_type": .string("Bearer"), "expires_in": .integer(60),
                "id_token": .string(try await self.idToken(nonce: grant["nonce"] ?? "")),
            ]))
    }

    private func userinfo(authorization: String?) -> Response {
        guard authorization == "Bearer access", !self.fault(.userinfoRefused) else {
            return Response(status: .unauthorized)
        }
        if self.fault(.noUserInUserinfo) { return Self.json(.object(["name": .string("Nobody")])) }
        let subject = self.fault(.otherUserInUserinfo) ? "mallory" : "alice"
        return Self.json(.object(["sub": .string(subject), "name": .string("Alice Chan")]))
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        let data = (try? JSONEncoder().encode(value)) ?? Data()
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func urlSafe(_ text: String) -> String {
        (Data(base64Encoded: text) ?? Data(base64URL: text) ?? Data()).base64URL
    }
}
