internal import Applications
internal import Audit
internal import Identifiers
internal import Sessions
internal import Storage
internal import Time

/// An authorization code that is to be issued to an application within a session.
struct CodeIssue: Sendable {
    let application: ApplicationID
    let session: Session
    let authorization: PendingAuthorization
    /// Where only the login's own secret may redeem the code.
    var loginSecretHash: [UInt8]?
}

extension FlowEnvironment {
    func add(
        _ issue: CodeIssue, code: SecretToken, login: LoginID?, in store: StoreTransaction, origin: RequestOrigin,
        at now: Instant
    ) throws {
        let (session, asked) = (issue.session, issue.authorization)
        let record = AuthorizationCode(
            application: issue.application, session: session.id, user: session.user,
            authentication: session.authentication, redirectURI: asked.redirectURI,
            scope: asked.scope(in: session),
            nonce: asked.nonce, codeChallenge: asked.codeChallenge, loginSecretHash: issue.loginSecretHash,
            expires: now + AuthorizationCode.lifetime, claims: asked.claims)
        try store.codes.add(record, hash: code.hash)
        let context = AuditContext(origin, user: session.user, login: login, application: issue.application)
        try self.record([AuditNote(.codeIssued, .success)], context: context, in: store, at: now)
    }

    /// Ends the browser's session, if it is open; its access tokens end with it.
    func end(
        _ secret: SecretToken, reason: AuditReason, in store: StoreTransaction, origin: RequestOrigin, at now: Instant
    ) throws {
        guard let session = try store.sessions.find(secretHash: secret.hash),
            try store.sessions.end(session.id, at: now)
        else { return }
        try self.record(
            [AuditNote(.sessionEnded, .success, reason: reason)], context: AuditContext(origin, user: session.user),
            in: store, at: now)
    }
}

extension PendingAuthorization {
    /// What of the asked scope is granted: nobody acts for staff by a proof that a weaker factor limits.
    fileprivate func scope(in session: Session) -> [String] {
        guard session.authentication.assurance != .multiFactor else { return self.scope }
        return self.scope.filter { $0 != Scope.admin.rawValue }
    }
}
