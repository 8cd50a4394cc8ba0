package import Applications
internal import Storage

/// Who an application says it is. It is looked up and proven inside the transaction of the step that it asks for: a lookup
/// of its own would cost each step a second transaction.
package struct ApplicationClaim: Sendable {
    let clientID: String
    private let secret: String?
    private let permission: ApplicationPermission

    package init(clientID: String, secret: String?, to permission: ApplicationPermission = .factorCheck) {
        self.clientID = clientID
        self.secret = secret
        self.permission = permission
    }

    /// The application, proven by its secret if it has one, and permitted.
    ///
    /// - Throws: ``FlowError/applicationNotProven``, ``FlowError/applicationNotPermitted``.
    func prove(in store: StoreTransaction) throws -> Application {
        try self.prove(try store.applications.find(clientID: self.clientID))
    }

    /// The same where the application was read already, with something that the asker may not yet know to exist: a wrong
    /// secret takes the same statements as if there were nothing.
    func prove(_ read: Application, in store: StoreTransaction) throws -> Application {
        do {
            return try self.prove(read)
        } catch {
            return try self.prove(in: store)
        }
    }

    private func prove(_ application: Application?) throws -> Application {
        guard let application, application.isProven(by: self.secret),
            application.isConfidential || self.permission == .loginAPI
        else {
            throw FlowError.applicationNotProven
        }
        guard application.registration.permissions.contains(self.permission) else {
            throw FlowError.applicationNotPermitted
        }
        return application
    }
}
