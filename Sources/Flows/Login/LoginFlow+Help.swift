internal import Authenticators
internal import Login
internal import PhoneNumbers
internal import Storage

/// What is known where a code did not arrive.
package struct CodeHelp: Sendable {
    package let view: LoginView
    /// The country of the number, ISO 3166-1 alpha-2.
    package let region: String
    /// Whether the user has something else to log in with.
    package let hasOther: Bool
}

extension LoginFlow {
    /// - Returns: nil where the login waits for no code.
    package func help(_ ticket: LoginTicket) async throws -> CodeHelp? {
        let now = self.environment.now()
        return try await self.environment.store.read { store in
            let stored = try self.owned(ticket, store.logins.find(ticket.id))
            guard case .awaitingResponse(let state) = stored.login.state(at: now), case .code = state.challenge,
                let phone = try store.phoneNumbers.all(of: state.subject.user)
                    .first(where: { $0.summary.id == state.factor.id })
            else { return nil }
            return CodeHelp(
                view: try self.view(stored, in: store, at: now), region: phone.number.region,
                hasOther: state.subject.authenticators.count > 1)
        }
    }
}
