package import Identifiers
internal import Identity
internal import Sessions
internal import Storage

/// The language that a user is written to in.
extension AccountFlow {
    /// Keeps what whoever is logged in has chosen on a page of ours. For nobody it does nothing.
    package func choose(language: String, in secret: SecretToken) async throws {
        let now = self.environment.now()
        try await self.environment.store.write { store in
            guard let session = try store.sessions.find(secretHash: secret.hash),
                session.isOpen(limits: self.sessions, at: now)
            else { return }
            try store.users.set(language: language, of: session.user)
        }
    }
}

extension FlowEnvironment {
    /// At the end of a login: what he has chosen on its pages; what his browser asks for, while nothing better is known.
    func note(_ origin: RequestOrigin, of user: UserID, in store: StoreTransaction) throws {
        if origin.isLanguageChosen {
            if let language = origin.language { try store.users.set(language: language, of: user) }
        } else if let language = origin.browserLanguage {
            try store.users.learn(language: language, of: user)
        }
    }
}
