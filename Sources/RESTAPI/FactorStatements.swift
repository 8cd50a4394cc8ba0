internal import Applications
internal import Authenticators
internal import Encodings
internal import Flows
internal import Identifiers
internal import Login
internal import OAuth
internal import Sessions
internal import Time
internal import TokenSigning

/// The signed statement that a factor was verified: for one application alone, for five minutes. It is no session and
/// opens nothing here; `amr` lists only what was verified here, which the password was not.
struct FactorStatements: Sendable {
    private let signer: TokenSigner
    private let issuer: Issuer

    init(signer: TokenSigner, issuer: Issuer) {
        self.signer = signer
        self.issuer = issuer
    }

    static let type = "factor-check+jwt"
    static let lifetime = Span.minutes(5)

    func statement(
        _ granted: Granted, id: StatementID, for application: Application, at now: Instant
    ) throws -> String {
        let authentication = Authentication(granted)
        return try self.signer.sign(
            .object(omittingAbsent: [
                "iss": .string(self.issuer.text), "aud": .string(application.clientID),
                "sub": .string(granted.user.text), "jti": .string(id.text), "iat": .integer(now.seconds),
                "exp": .integer((now + Self.lifetime).seconds), "auth_time": .integer(granted.at.seconds),
                "acr": .string(authentication.assurance.rawValue),
                "amr": .array(granted.methods.map { .string($0.rawValue) }),
                "authenticator": granted.factor.map { .string($0.id.text) },
                "authenticator_kind": granted.factor.map { .string($0.kind.rawValue) },
                "restricted": granted.factor?.kind.isRestricted == true ? true : nil,
                "limited_until": granted.limitedUntil.map { .integer($0.seconds) },
            ]), type: Self.type)
    }
}
