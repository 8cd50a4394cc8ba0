package import Applications
internal import Audit
package import Identifiers
internal import Login
internal import Sessions
internal import Storage

/// What a granted login of a native application hands out.
package struct FinishedNativeLogin: Sendable {
    /// To be redeemed at the token endpoint together with the login's secret and the PKCE verifier.
    package let code: SecretToken
    /// What makes this installation known for the user.
    package let device: SecretToken?
    package let view: LoginView
}

extension NativeLoginFlow {
    /// Ends a granted login with a session of its own and one authorization code. Asked again, it hands out the same code:
    /// it follows from the login's secret, and there is never a second grant.
    ///
    /// - Parameter device: the installation's secret, if it has one already.
    /// - Returns: nil when the login is not granted, or its user may not log in any more.
    package func finish(
        _ ticket: LoginTicket, of application: Application, device: SecretToken?, origin: RequestOrigin
    ) async throws -> FinishedNativeLogin? {
        let now = self.environment.now()
        let (session, newDevice) = (self.environment.secret(), device ?? self.environment.secret())
        let code = ticket.secret.derivedToken(for: "authorization code")
        return try await self.environment.store.write { store -> FinishedNativeLogin? in
            let ending = try self.login.lockToFinish(ticket, in: store)
            let stored = ending.stored
            guard stored.application == application.id, case .native(let authorization) = stored.purpose else {
                throw FlowError.noSuchLogin
            }
            if case .finished = stored.login.state {
                let view = try self.login.view(stored, in: store, at: now)
                return FinishedNativeLogin(code: code, device: nil, view: view)
            }
            guard let granted = try self.login.finish(ending, in: store, origin: origin, at: now) else { return nil }
            let opened = try self.login.open(
                granted, secret: session, login: stored, in: store, origin: origin, at: now)
            try self.login.remember(newDevice, of: granted.user, login: stored, in: store, origin: origin, at: now)
            let issue = CodeIssue(
                application: application.id, session: opened, authorization: authorization,
                loginSecretHash: ticket.secret.hash)
            try self.environment.add(issue, code: code, login: stored.id, in: store, origin: origin, at: now)
            let saved = try self.login.owned(ticket, store.logins.find(ticket.id))
            let view = try self.login.view(saved, in: store, at: now)
            return FinishedNativeLogin(code: code, device: newDevice, view: view)
        }
    }
}
