internal import OAuth

extension ApplicationRegistration {
    /// Whether it is to prove itself by a secret that the server makes.
    package var takesSecret: Bool { self.authentication?.takesSecret ?? false }
}

extension Application {
    /// What is left of one that was removed: what it was called. It can prove nothing, and is redirected nowhere.
    package var withoutRights: Application {
        Application(
            id: self.id, clientID: self.clientID,
            registration: ApplicationRegistration(
                name: self.registration.name, nameInTraditionalChinese: self.registration.nameInTraditionalChinese,
                kind: self.registration.kind, redirectURIs: [], postLogoutRedirectURIs: [], permissions: [],
                authentication: .basic, surface: self.registration.surface),
            secretHash: nil)
    }
}
