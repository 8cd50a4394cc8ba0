internal import Applications
internal import Flows
internal import OAuth
internal import Sessions

extension LoginView {
    var authorization: PendingAuthorization? {
        guard case .authorization(let authorization) = self.purpose else { return nil }
        return authorization
    }

    /// Where the application wants the browser back, if that is still registered.
    var redirect: ApprovedRedirect? {
        self.authorization.flatMap { self.application.client.approve($0.redirectURI) }
    }

    /// The address that starts the same login again.
    var restart: String? {
        self.authorization.map { "/oauth2/authorize?\($0.query)" }
    }
}
