internal import Applications
internal import Flows
internal import HTTPEdge
internal import OAuth
internal import Sessions

extension LoginView {
    var authorization: PendingAuthorization? {
        guard case .authorization(let authorization) = self.purpose else { return nil }
        return authorization
    }

    var visit: AccountVisit? {
        guard case .account(let visit) = self.purpose else { return nil }
        return visit
    }

    /// What the user has in front of him.
    var surface: ApplicationSurface { self.application.registration.surface }

    /// What users of a language call the application.
    func applicationName(in language: Language) -> String {
        self.application.registration.name(in: language.rawValue)
    }

    /// Where the application wants the browser back, if that is still registered.
    var redirect: ApprovedRedirect? {
        self.authorization.flatMap { self.application.client.approve($0.redirectURI) }
    }

    /// The address that starts the same login again.
    var restart: String? {
        self.authorization.map { "/oauth2/authorize?\($0.query)" } ?? self.visit?.returnTo
    }
}
