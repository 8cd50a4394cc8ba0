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
        let loginSecret = request.headers[.loginSecret].flatMap { SecretToken($0) }
        return try await self.answer(request, context) { application, fields in
            let tokens =
                switch try TokenRequest(fields) {
                case .authorizationCode(let grant): try await self.redeem(grant, application, loginSecret, context)
                case .refreshToken(let grant): try await self.refresh(grant, application, context)
                }
            return try self.response(tokens, application)
        }
    }

    private func redeem(
        _ grant: AuthorizationCodeGrant, _ application: Applications.Application, _ loginSecret: SecretToken?,
        _ context: EdgeContext
    ) async throws -> IssuedTokens {
        guard let code = SecretToken(grant.code.revealed),
            let tokens = try await self.flow.redeem(
                CodePresentation(
                    code: code, redirectURI: grant.redirectURI, codeVerifier: grant.verifier,
                    loginSecret: loginSecret),
                by: application, origin: context.origin)
        else { throw TokenError(.invalidGrant, "the code is not valid, or not for this client and request") }
        return tokens
    }

    private func refresh(
        _ grant: RefreshTokenGrant, _ application: Applications.Application, _ context: EdgeContext
    ) async throws -> IssuedTokens {
        let refused = TokenError(.invalidGrant, "the refresh token is not valid any more, or not for this client")
        guard let token = SecretToken(grant.token.revealed) else { throw refused }
        switch try await self.flow.refresh(token, scopes: grant.scopes, by: application, origin: context.origin) {
        case .issued(let tokens): return tokens
        case .refused: throw refused
        case .scopeTooWide: throw TokenError(.invalidScope, "scope asks for more than was granted")
        }
    }

    private func response(_ tokens: IssuedTokens, _ application: Applications.Application) throws -> Response {
        let user = UserClaims(tokens.user, scopes: [], names: tokens.claims)
        let claims = JSONValue.object(self.claims(tokens, application) + user.members)
        let algorithm = application.registration.idTokenAlgorithm
        let idToken = try self.signer.sign(claims, type: Self.idTokenType, algorithm: algorithm)
        return .json(
            .object(omittingAbsent: [
                "access_token": .string(tokens.accessToken.text), "token_type": "Bearer",
                "expires_in": .integer(AccessToken.lifetime.milliseconds / 1000), "id_token": .string(idToken),
                "refresh_token": tokens.refreshToken.map { .string($0.text) },
                "scope": .string(tokens.scope.joined(separator: " ")),
            ]))
    }

    /// `auth_time`, `acr` and `amr` say what was proven, and when: a refresh proves nothing new.
    private func claims(_ tokens: IssuedTokens, _ application: Applications.Application) -> [JSONValue.Member] {
        let authentication = tokens.authentication
        let claims: KeyValuePairs<String, JSONValue?> = [
            "iss": .string(self.issuer.text), "sub": .string(tokens.user.id.text),
            "aud": .string(application.clientID), "iat": .integer(tokens.at.seconds),
            "exp": .integer((tokens.at + AccessToken.lifetime).seconds),
            "auth_time": .integer(authentication.at.seconds), "nonce": tokens.nonce.map(JSONValue.string),
            "acr": .string(authentication.assurance.rawValue),
            "amr": .array(authentication.methods.map { .string($0.rawValue) }),
            "sid": .string(tokens.session.text),
        ]
        return claims.compactMap { name, value in value.map { .init(name, $0) } }
    }

    @Sendable func userInformation(_ request: Request, context: EdgeContext) async throws -> Response {
        do {
            let bearer = try await self.bearer(request)
            guard let token = SecretToken(bearer.secret.revealed),
                let (user, scopes, names) = try await self.flow.userInformation(token)
            else { throw BearerError.invalidToken }
            let claims = UserClaims(user, scopes: scopes, names: names)
            return .json(.object([.init("sub", .string(user.id.text))] + claims.members))
        } catch let error as BearerError {
            var response = Response(status: .init(code: error.status))
            response.headers[.wwwAuthenticate] = error.challenge
            return response
        }
    }

    /// By POST the token may stand in a form's body.
    private func bearer(_ request: Request) async throws -> BearerToken {
        let header = request.headers[.authorization]
        guard request.method == .post, request.headers[.contentType] != nil else {
            return try BearerToken(authorization: header)
        }
        do {
            return try BearerToken(authorization: header, fields: try await request.form())
        } catch is FormError {
            throw BearerError.malformed
        }
    }
}
