internal import Applications
package import Flows
internal import Identity

/// Who is at the firm: alice with one card, bob with two, carol with none, dave with one.
package enum Firm {
    package static let password = "correct battery staple"
    package static let alice = TestCard(serial: "CS-100001", byte: 1)
    package static let bob = [
        TestCard(serial: "CS-100002", byte: 2, pin: "2222"), TestCard(serial: "CS-100003", byte: 3, digits: 8),
    ]
    /// Of alice alone.
    package static let address = "1 Harbour View Street, Central, Hong Kong"
    package static let phone = "+85221234567"
    package static let dave = TestCard(serial: "CS-100004", byte: 4)

    package static let portalSecret = "portal-secret-of-more-than-32-characters"
    package static let backendSecret = "backend-secret-of-more-than-32-characters"
    package static let callback = "https://portal.example/callback"
    package static let afterLogout = "https://portal.example/bye"
    package static let deskCallback = "http://127.0.0.1/callback"

    package static func provisions() throws -> Provisions {
        var provisions = Provisions()
        provisions.users = try [
            ("alice", "Alice Chan"), ("bob", "Bob Lee"), ("carol", "Carol Ho"), ("dave", "Dave Ip"),
        ]
        .map { name, display in
            Provisions.NewUser(
                name: try UserName(name), displayName: display, email: "\(name)@example.com",
                postalAddress: name == "alice" ? self.address : nil, phoneNumber: name == "alice" ? self.phone : nil,
                password: self.password)
        }
        provisions.cards =
            try [self.alice.provision(for: "alice"), self.dave.provision(for: "dave")]
            + self.bob.map { try $0.provision(for: "bob") }
        provisions.applications = [
            self.application(
                "portal", self.portalSecret, [self.callback], after: [self.afterLogout],
                permissions: [.offlineAccess]),
            self.application("desk", nil, [self.deskCallback], kind: .native, permissions: [.offlineAccess]),
            self.application(
                "terminal", nil, [self.deskCallback], kind: .native,
                permissions: [.loginAPI, .adminAPI, .offlineAccess]),
            self.application("no-refresh", self.portalSecret, [self.callback]),
            self.application("quotes", self.portalSecret, [], permissions: [.introspection]),
            self.application("backend", self.backendSecret, [], permissions: [.factorCheck]),
            self.application("texting", self.backendSecret, [], permissions: [.factorCheck, .factorCheckText]),
            self.application("opening", self.backendSecret, [], permissions: [.numberCheck]),
            self.application("backend-2", self.backendSecret, [], permissions: [.factorCheck]),
        ]
        return provisions
    }

    private static func application(
        _ id: String, _ secret: String?, _ redirects: [String], after: [String] = [], kind: ApplicationKind = .web,
        permissions: Set<ApplicationPermission> = []
    ) -> Provisions.NewApplication {
        Provisions.NewApplication(
            clientID: id, secretHash: secret.map(Application.hash(ofSecret:)),
            registration: ApplicationRegistration(
                name: id, kind: kind, redirectURIs: redirects, postLogoutRedirectURIs: after, permissions: permissions))
    }
}
