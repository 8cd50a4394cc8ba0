package import Applications
internal import Audit
package import Authenticators
package import Flows
package import Identifiers
package import Identity
package import Login
internal import OAuth
package import Sessions
internal import Storage

/// What a user does at the login, step by step.
extension World {
    package static let verifier = "a-verifier-of-at-least-43-characters-0123456789"
    package static let origin = RequestOrigin(address: "192.0.2.1", network: "192.0.2.1")

    package static func pending(
        callback: String = Firm.callback, scope: [String] = ["openid", "profile", "email"]
    ) throws -> PendingAuthorization {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: self.verifier))
        return PendingAuthorization(
            redirectURI: callback, scope: scope, state: "state-1", nonce: "nonce-1",
            codeChallenge: challenge.text, loginHint: nil, uiLocales: [], query: "client_id=portal")
    }

    package func start(_ clientID: String = "portal") async throws -> LoginTicket {
        try await self.login.start(
            for: try await self.application(clientID), purpose: .authorization(try Self.pending()), origin: Self.origin)
    }

    package func submit(
        _ ticket: LoginTicket, _ name: String = "alice", _ password: String = Firm.password,
        device: SecretToken? = nil, origin: RequestOrigin = World.origin
    ) async throws -> LoginView {
        let typed = TypedCredentials(userName: name, password: password, device: device)
        return try await self.login.submit(typed, for: ticket, origin: origin)
    }

    package func respond(_ ticket: LoginTicket, _ response: String) async throws -> LoginView {
        try await self.login.respond(to: ticket, with: response, origin: Self.origin)
    }

    /// A login of alice or dave that waits for the card's response.
    package func challenged(_ name: String = "alice") async throws -> (ticket: LoginTicket, challenge: String) {
        let ticket = try await self.start()
        guard let challenge = try await self.submit(ticket, name).challenge else {
            throw Missing(what: "a challenge for \(name)")
        }
        return (ticket, challenge)
    }

    /// A login of bob that waits for the response of one of his cards.
    package func challenged(bobsCard number: Int) async throws -> (ticket: LoginTicket, challenge: String) {
        let ticket = try await self.start()
        let view = try await self.submit(ticket, "bob")
        guard let card = view.authenticators.first(where: { $0.label == Firm.bob[number].serial.suffix(4) }),
            let challenge = try await self.login.choose(card.id, for: ticket, origin: Self.origin).challenge
        else { throw Missing(what: "a challenge for bob") }
        return (ticket, challenge)
    }

    /// A whole login of alice.
    package func logIn(
        _ name: String = "alice", card: TestCard = Firm.alice, device: SecretToken? = nil
    ) async throws -> FinishedLogin {
        let (ticket, challenge) = try await self.challenged(name)
        _ = try await self.respond(ticket, try card.response(to: challenge))
        guard let finished = try await self.login.finish(ticket, device: device, replacing: nil, origin: Self.origin)
        else {
            throw Missing(what: "a granted login")
        }
        return finished
    }

    package func redeem(
        _ code: IssuedCode, by clientID: String = "portal", redirect: String = Firm.callback,
        verifier: String? = World.verifier
    ) async throws -> IssuedTokens? {
        let presentation = CodePresentation(
            code: code.code, redirectURI: redirect, codeVerifier: try verifier.map { try PKCE.Verifier(parsing: $0) })
        return try await self.authorization.redeem(
            presentation, by: try await self.application(clientID), origin: Self.origin)
    }

    /// What the user was told, newest first.
    package func notices(_ name: String) async throws -> [Notice] {
        let name = try UserName(name)
        return try await self.store.read { store in
            guard let user = try store.users.find(name) else { return [] }
            return try store.notices.newest(1_000, of: user.id)
        }
    }

    /// Newest last, as `event outcome reason`.
    package func audit(of login: LoginID? = nil) async throws -> [String] {
        try await self.store.read { try $0.audit.newest(10_000) }.reversed()
            .filter { login == nil || $0.context.login == login }
            .map { entry in
                [entry.note.event.rawValue, entry.note.outcome.rawValue, entry.note.reason?.rawValue]
                    .compactMap(\.self).joined(separator: " ")
            }
    }
}

extension LoginView {
    package var challenge: String? {
        guard case .awaitingResponse(let state) = self.state, case .card(let challenge) = state.challenge else {
            return nil
        }
        return challenge.digits
    }

    package var authenticators: [AuthenticatorSummary] {
        switch self.state {
        case .choosingFactor(let state): state.subject.authenticators
        case .awaitingResponse(let state): state.subject.authenticators
        case .awaitingPassword, .granted, .finished, .refused: []
        }
    }

    package var blocked: BlockedFactor? {
        guard case .choosingFactor(let state) = self.state else { return nil }
        return state.blocked
    }

    package var wrong: WrongAnswer? {
        guard case .awaitingResponse(let state) = self.state else { return nil }
        return state.lastWrong
    }

    package var refusal: LoginRefusal? {
        guard case .refused(let refusal) = self.state else { return nil }
        return refusal
    }

    package var isGranted: Bool {
        guard case .granted = self.state else { return false }
        return true
    }
}

extension World {
    /// A factor check that waits for the response of the user's only card.
    package func factorChecked(
        _ name: String, by application: Application
    ) async throws -> (ticket: LoginTicket, challenge: String) {
        let start = try await self.factorCheck.start(
            try UserName(name), authenticator: nil, for: application, origin: Self.origin)
        guard case .started(let ticket, let view) = start, let challenge = view.challenge else {
            throw Missing(what: "a factor check of \(name)")
        }
        return (ticket, challenge)
    }
}
