internal import Applications
internal import Encodings
internal import Flows
internal import Identifiers
internal import OAuth
internal import Time
internal import TokenSigning

/// The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4): says to one application that one session has
/// ended. It has no nonce and a type of its own, so that it can never be taken for an ID token.
struct LogoutToken {
    let notice: LogoutNotice
    let issuer: Issuer
    let id: StatementID

    static let type = "logout+jwt"
    /// For the way there alone; each try has a token of its own.
    static let lifetime = Span.minutes(2)
    static let event = "http://schemas.openid.net/event/backchannel-logout"

    func signed(by signer: TokenSigner) throws -> String {
        let now = self.notice.at
        return try signer.sign(
            [
                "iss": .string(self.issuer.text), "sub": .string(self.notice.user.text),
                "aud": .string(self.notice.application.clientID), "iat": .integer(now.seconds),
                "exp": .integer((now + Self.lifetime).seconds), "jti": .string(self.id.text),
                "events": .object([.init(Self.event, [:])]), "sid": .string(self.notice.session.text),
            ], type: Self.type, algorithm: self.notice.application.registration.idTokenAlgorithm)
    }
}
