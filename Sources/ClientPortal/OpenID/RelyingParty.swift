// The authorization code flow with PKCE, as its client (OpenID Connect Core 1.0 section 3.1, RFC 7636, RFC 9700).

import Crypto
import Foundation
import JWTKit
import Logging

/// Speaks OpenID Connect with one provider. It keeps no login and no session.
struct RelyingParty: Sendable {
    let configuration: PortalConfiguration
    let address: PublicAddress
    let client: ProviderClient
    let directory: ProviderDirectory
    let logger: Logger
    let now: @Sendable () -> Double

    /// Where to send the browser to log in.
    func authorizationURL(for login: PendingLogin, options: AuthorizationOptions) async throws(PortalError) -> String {
        let metadata = try await self.directory.currentMetadata()
        let challenge = Data(SHA256.hash(data: Data(login.verifier.utf8))).base64URL
        let parameters = [
            ("response_type", "code"), ("client_id", self.configuration.clientID), ("scope", "openid profile"),
            ("redirect_uri", login.redirectURI), ("state", login.state), ("nonce", login.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ]
        return metadata.authorizationEndpoint.adding(parameters + options.parameters)
    }

    /// Takes the answer for a login to the end: code, tokens, claims, user information.
    func finish(_ login: PendingLogin, query: FormFields) async throws(PortalError) -> PortalSession {
        let metadata = try await self.directory.currentMetadata()
        let answer = try CallbackAnswer(
            query: query, issuer: self.configuration.issuer, issuerRequired: metadata.announcesIssuerInResponse)
        switch answer {
        case .refused(let error): throw error
        case .code(let code):
            let tokens = try await self.tokens(for: code, of: login, at: metadata.tokenEndpoint)
            let claims = try await self.claims(of: tokens, for: login)
            let user = try await self.userinfo(of: claims, tokens: tokens, at: metadata.userinfoEndpoint)
            return PortalSession(name: Self.name(of: user, claims), claims: claims, idToken: tokens.idToken)
        }
    }

    /// Where to send the browser to log out (OpenID Connect RP-Initiated Logout 1.0); nil when the provider has no place.
    func logoutURL(of session: PortalSession, state: String) async throws(PortalError) -> String? {
        let parameters = [
            ("id_token_hint", session.idToken), ("client_id", self.configuration.clientID),
            ("post_logout_redirect_uri", self.address.home), ("state", state),
        ]
        return try await self.directory.currentMetadata().endSessionEndpoint?.adding(parameters)
    }

    private func tokens(
        for code: String, of login: PendingLogin, at endpoint: WebAddress
    ) async throws(PortalError) -> TokenAnswer {
        let fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", login.redirectURI),
            ("code_verifier", login.verifier),
        ]
        let answer = try await self.client.post(
            fields, to: endpoint, basic: (self.configuration.clientID, self.configuration.clientSecret))
        guard answer.status == 200 else {
            self.logger.warning("The token endpoint refused the code", metadata: ["status": "\(answer.status)"])
            throw answer.status == 401 ? .providerRefused : .codeRefused
        }
        guard let tokens = try? JSONDecoder().decode(TokenAnswer.self, from: answer.body),
            tokens.tokenType.lowercased() == "bearer"
        else { throw .badToken }
        return tokens
    }

    private func claims(of tokens: TokenAnswer, for login: PendingLogin) async throws(PortalError) -> IDTokenClaims {
        do {
            let header = try IDTokenHeader(of: tokens.idToken)
            let claims = try await self.verify(tokens.idToken, keyID: header.keyID)
            let expected = IDTokenExpectation(
                issuer: self.configuration.issuer.text, clientID: self.configuration.clientID,
                accessToken: tokens.accessToken, login: login, now: self.now())
            _ = try expected.check(claims)
            return claims
        } catch let error as PortalError {
            throw error
        } catch {
            self.logger.warning("ID token refused", metadata: ["reason": "\(error)"])
            throw .badToken
        }
    }

    /// The collection holds the one key that the header names, with its own algorithm: there is no other to fall back on.
    private func verify(_ token: String, keyID: String) async throws -> IDTokenClaims {
        guard let key = try await self.directory.currentKeys(having: keyID)[keyID] else {
            throw IDTokenError.unknownKey(keyID)
        }
        let collection = JWTKeyCollection()
        await collection.add(ecdsa: key, kid: JWKIdentifier(string: keyID))
        do {
            return try await collection.verify(token, as: IDTokenClaims.self)
        } catch {
            throw IDTokenError.signature
        }
    }

    /// Section 5.3.2: an answer about another subject must not be used.
    private func userinfo(
        of claims: IDTokenClaims, tokens: TokenAnswer, at endpoint: WebAddress
    ) async throws(PortalError) -> [String: JSONValue] {
        let answer = try await self.client.get(endpoint, bearer: tokens.accessToken)
        guard answer.status == 200, let user = try? JSONDecoder().decode([String: JSONValue].self, from: answer.body)
        else { throw .badToken }
        guard let subject = user["sub"]?.string, subject == claims.subject else { throw .wrongUser }
        return user
    }

    private static func name(of user: [String: JSONValue], _ claims: IDTokenClaims) -> String {
        let names = [user["name"], claims["name"], user["preferred_username"], claims["preferred_username"]]
        let name = names.compactMap { $0?.string }.first { !$0.isEmpty } ?? claims.subject ?? ""
        return String(name.prefix(100))
    }

    private struct TokenAnswer: Decodable {
        let accessToken: String
        let tokenType: String
        let idToken: String

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case tokenType = "token_type"
            case idToken = "id_token"
        }
    }
}
