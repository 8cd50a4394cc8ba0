internal import Applications
internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import Sessions
internal import Time
internal import TokenSigning

/// The token and userinfo endpoints (OpenID Connect Core §3.1.3 and §5.3).
extension OpenIDEndpoints {
    static let idTokenType = "JWT"

    @Sendable func token(_ request: Request, context: EdgeContext) async throws -> Response {
        do {
            return try await self.exchange(request, context)
        } catch let error as TokenError {
            return Self.response(error)
        } catch let error as FormError {
            return Self.response(TokenError(.invalidRequest, "\(error)"))
        }
    }

    private func exchange(_ request: Request, _ context: EdgeContext) async throws -> Response {
        guard request.headers[values: .authorization].count <= 1 else {
            throw TokenError(.invalidRequest, "more than one Authorization header")
        }
        let fields = try await request.form()
        let credentials = try ClientCredentials(authorization: request.headers[.authorization], fields: fields)
        guard let application = try await self.flow.application(clientID: credentials.clientID),
            application.isProven(by: credentials.secret?.revealed)
        else { throw TokenError(.invalidClient, "the client is not known, or its secret is wrong") }
        guard case .authorizationCode(let grant) = try TokenRequest(fields) else {
            throw TokenError(.unsupportedGrantType, "grant_type must be authorization_code")
        }
        guard let code = SecretToken(grant.code.revealed),
            let redeemed = try await self.flow.redeem(
                CodePresentation(
                    code: code, redirectURI: grant.redirectURI, codeVerifier: grant.verifier,
                    loginSecret: request.headers[.loginSecret].flatMap { SecretToken($0) }),
                by: application, origin: context.origin)
        else { throw TokenError(.invalidGrant, "the code is not valid, or not for this client and request") }
        return try await self.tokens(redeemed, application)
    }

    private func tokens(_ redeemed: RedeemedCode, _ application: Applications.Application) async throws -> Response {
        let idToken = try self.signer.sign(self.claims(redeemed, application), type: Self.idTokenType)
        return .json([
            "access_token": .string(redeemed.accessToken.text), "token_type": "Bearer",
            "expires_in": .integer(AccessToken.lifetime.milliseconds / 1000), "id_token": .string(idToken),
            "scope": .string(redeemed.authorization.scope.joined(separator: " ")),
        ])
    }

    /// `auth_time`, `acr` and `amr` say what was proven, and when.
    private func claims(_ redeemed: RedeemedCode, _ application: Applications.Application) -> JSONValue {
        let (code, now) = (redeemed.authorization, redeemed.at)
        return .object(omittingAbsent: [
            "iss": .string(self.issuer.text), "sub": .string(code.user.text),
            "aud": .string(application.clientID), "iat": .integer(now.seconds),
            "exp": .integer((now + AccessToken.lifetime).seconds),
            "auth_time": .integer(code.authentication.at.seconds), "nonce": code.nonce.map(JSONValue.string),
            "acr": .string(code.authentication.assurance.rawValue),
            "amr": .array(code.authentication.methods.map { .string($0.rawValue) }),
            "sid": .string(code.session.text),
        ])
    }

    private static func response(_ error: TokenError) -> Response {
        var response = Response.json(error.body, status: .init(code: error.status))
        if let challenge = error.challenge { response.headers[.wwwAuthenticate] = challenge }
        return response
    }

    @Sendable func userInformation(_ request: Request, context: EdgeContext) async throws -> Response {
        do {
            let bearer = try BearerToken(authorization: request.headers[.authorization])
            guard let token = SecretToken(bearer.secret.revealed),
                let (user, scope) = try await self.flow.userInformation(token)
            else { throw BearerError.invalidToken }
            let profile = scope.contains(Scope.profile.rawValue)
            let email = scope.contains(Scope.email.rawValue) ? user.email : nil
            return .json(
                .object(omittingAbsent: [
                    "sub": .string(user.id.text), "name": profile ? .string(user.displayName) : nil,
                    "preferred_username": profile ? .string(user.name.text) : nil,
                    "email": email.map(JSONValue.string), "email_verified": email.map { _ in false },
                ]))
        } catch let error as BearerError {
            var response = Response(status: .init(code: error.status))
            response.headers[.wwwAuthenticate] = error.challenge
            return response
        }
    }
}
