import Encodings
import HTTPTypes
import Identity
import SQL
import ServerApp
import TestWorld
import Testing
import Time

@Suite("The admin API")
struct AdminAPITests {
    /// What a call needs is said by the table of operations; what it may be used for is tried here, call by call.
    static let calls: [(HTTPRequest.Method, String, JSONValue?, StaffOperation)] = [
        (.get, "/users?name=a", nil, .findUser), (.get, "/users/alice", nil, .findUser),
        (.post, "/users", ["username": "new", "name": "New", "reason": "hired"], .addUser),
        (.patch, "/users/alice", ["language": "zh-Hant", "reason": "asked"], .changeUser),
        (.post, "/users/bob/activation-code", ["kind": "letter", "reason": "hired"], .issueActivationCode),
        (.post, "/users/alice/recovery", ["reason": "called"], .startRecovery),
        (.post, "/users/alice/recovery/cancel", ["reason": "called"], .cancelRecovery),
        (.get, "/cards/CS-100001", nil, .seeCards), (.get, "/cards?waiting=true", nil, .shipCard),
        (.post, "/cards/ST-1/extend", ["reason": "abroad"], .extendActivation),
        (.post, "/cards/ST-2/ship", ["reason": "posted"], .shipCard),
        (.post, "/users/alice/cards", ["address": ["1 Queen's Road"], "reason": "branch"], .orderCard),
        (.post, "/cards/ST-3/cancel", ["reason": "mistake"], .cancelCard),
        (.post, "/cards/CS-100001/block", ["reason": "mislaid"], .blockCard),
        (.post, "/cards/CS-100001/unblock", ["reason": "found"], .unblockCard),
        (.put, "/cards/CS-100001/pin", ["pin": "4821", "reason": "forgotten"], .setCardPIN),
        (.post, "/cards/CS-100001/lost", ["reason": "stolen"], .reportCardLost),
        (.post, "/cards/CS-100001/return", ["reason": "found"], .takeCardBack),
        (.post, "/cards/import", AdminCardTests.batch([TestCard(serial: "ST-9", byte: 39)]), .importCards),
        (.post, "/users/alice/disable", ["reason": "left"], .disableUser),
        (.post, "/users/alice/enable", ["reason": "back"], .enableUser),
        (.put, "/users/alice/roles", ["roles": ["auditor"], "reason": "moved"], .changeRoles),
        (.post, "/users/alice/lift-lock", ["reason": "called"], .liftLock),
        (.post, "/users/alice/end-sessions", ["reason": "lost laptop"], .endSessions),
        (.get, "/applications", nil, .seeApplications),
        (
            .post, "/applications",
            ["client_id": "new", "name": "New", "redirect_uris": ["https://new.example/cb"], "reason": "go-live"],
            .registerApplication
        ),
        (.get, "/applications/portal", nil, .seeApplications),
        (.patch, "/applications/new", ["name": "Newer", "reason": "renamed"], .changeApplication),
        (.post, "/applications/new/rotate-secret", ["reason": "a developer left"], .rotateApplicationSecret),
        (.post, "/applications/new/remove", ["reason": "closed"], .removeApplication),
        (.get, "/delivery/statistics", nil, .seeDelivery), (.get, "/delivery/providers", nil, .seeDelivery),
        (.get, "/delivery/messages?limit=5", nil, .seeDelivery),
        (.post, "/delivery/tests", ["to": "+85251234567", "channel": "text", "reason": "new"], .testDelivery),
        (.post, "/delivery/providers/acme/stop", ["reason": "it loses messages"], .switchProvider),
        (.post, "/delivery/providers/acme/resume", ["reason": "repaired"], .switchProvider),
        (.get, "/audit?limit=5", nil, .readAudit),
        (.get, "/delivery/tests/{sent}", nil, .seeDelivery),
        (.get, "/delivery/blocks", nil, .seeDelivery),
        (.post, "/delivery/blocks/+44740/resume", ["reason": "the carrier had lost our texts"], .switchProvider),
    ]

    /// What some of the calls are about.
    ///
    /// - Returns: the id of a test that was sent.
    private static func prepare(_ site: Site) async throws -> String {
        try await Desk.fillShelves(at: site)
        try await BlockEndpointTests.stop("+44740", at: site)
        let desk = try await Desk.loggedIn("alice", roles: [.administrator], at: site)
        let test = try await desk.call(.post, "/delivery/tests", AdminDeliveryTests.order("+85251234567", "text"))
        try await Desk.give([], to: "alice", at: site)
        return try OpenIDTests.text(test, "id")
    }

    @Test("An application that may act for staff no more does not, with whatever tokens", arguments: StoreKind.allCases)
    func withdrawn(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn(
                "dave", roles: [.administrator], scope: "openid admin offline_access", at: site)
            #expect(try await desk.call(.get, "/users?name=a").status == 200)
            _ = try await site.driver.write {
                try $0.execute(
                    """
                    UPDATE application SET registration = REPLACE(registration, '"admin_api"', '"number_check"')
                    WHERE client_id = 'terminal'
                    """)
            }
            let refused = try await desk.call(.get, "/users?name=a")
            #expect(refused.status == 403)
            #expect(refused.headers[.wwwAuthenticate]?.contains("insufficient_scope") == true)
        }
    }

    @Test("The table has every call that the server has")
    func complete() async throws {
        try await Site.with { site in
            let prefix = "/api/v1/admin"
            var missing: [String] = []
            for template in site.server.paths where template.hasPrefix(prefix) {
                let address = template.replacing("{", with: "").replacing("}", with: "")
                for method in DocumentTests.methods where try await site.send(method, address).status != 405 {
                    let isThere = Self.calls.contains { call in
                        call.0 == method && Self.fits("\(prefix)\(call.1)", template)
                    }
                    if !isThere { missing.append("\(method) \(template)") }
                }
            }
            #expect(missing.isEmpty)
        }
    }

    private static func fits(_ path: String, _ template: String) -> Bool {
        let parts = path.prefix { $0 != "?" }.split(separator: "/")
        let wanted = template.split(separator: "/")
        return parts.count == wanted.count
            && zip(parts, wanted).allSatisfy { $1.hasPrefix("{") ? $0 != "import" : $0 == $1 }
    }

    @Test("Who may do what: every role by every call", arguments: Role.allCases)
    func roles(role: Role) async throws {
        try await Site.with(delivery: AdminDeliveryTests.carriers) { site in
            let sent = try await Self.prepare(site)
            let desk = try await Desk.loggedIn("dave", roles: [role], at: site)
            for (method, path, body, operation) in Self.calls {
                let answer = try await desk.call(method, path.replacing("{sent}", with: sent), body)
                let isAllowed = operation.roles.contains(role)
                #expect(
                    (answer.status < 300) == isAllowed, "\(role) \(method) \(path): \(answer.status) \(answer.body)")
                if !isAllowed { #expect(answer.status == 403 && answer.json?["code"] == "forbidden") }
            }
        }
    }

    @Test("Without a token, with another scope, without a role, with a session that has ended, with a weaker login")
    func refusedTokens() async throws {
        try await Site.with { site in
            let bare = try await site.get("/api/v1/admin/users")
            #expect(bare.status == 401 && bare.headers[.wwwAuthenticate] == "Bearer realm=\"countersign\"")
            let unscoped = try await Desk.loggedIn("dave", roles: [.administrator], scope: "openid", at: site)
            #expect(try await unscoped.call(.get, "/users").status == 403)
            let nobody = try await Desk.loggedIn("alice", roles: [], at: site)
            #expect(try await nobody.call(.get, "/users").status == 403)
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            #expect(try await desk.call(.get, "/users").status == 200)
            let weak = "UPDATE session SET methods = 'pwd'" as SQLStatement
            _ = try await site.driver.write { try $0.execute(weak) }
            let refused = try await desk.call(.get, "/users")
            #expect(refused.status == 401)
            #expect(refused.headers[.wwwAuthenticate]?.contains("insufficient_user_authentication") == true)
            let again = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            site.clock.advance(.minutes(6))
            #expect(try await again.call(.get, "/users").status == 401, "the token has expired")
            let last = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            _ = try await site.driver.write { try $0.execute("UPDATE session SET ended_at = 1") }
            #expect(try await last.call(.get, "/users").status == 401)
        }
    }

    @Test("The help desk sees why a user cannot log in, and lifts the lock", arguments: StoreKind.allCases)
    func liftLock(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            for _ in 1...10 { _ = try await login.password(site, "alice", "wrong") }
            #expect(try await login.password(site, "alice").status == 422, "locked")
            let seen = try await desk.call(.get, "/users/alice")
            #expect(seen.json?["obstacles"] == [["kind": "password_locked", "until": "2026-01-02T00:00:00.000Z"]])
            #expect(seen.json?["user"]?["username"] == "alice")
            let lifted = try await desk.call(.post, "/users/alice/lift-lock", ["reason": "called from number on file"])
            #expect(lifted.status == 200)
            #expect(try await desk.call(.get, "/users/alice").json?["obstacles"] == [])
            #expect(try await login.password(site, "alice").json?["state"] == "awaiting_response")
            let entries = try await site.dump()["audit_entry"].filter { $0["event"] == .text("lock.lifted") }
            #expect(entries.map { $0["actor"] } == [.text("dave")])
            #expect(entries.map { $0["explanation"] } == [.text("called from number on file")])
            let notices = { try await site.dump()["notice"].filter { $0["kind"] == .text("password.unlocked") }.count }
            #expect(try await notices() == 1)
            _ = try await desk.call(.post, "/users/alice/lift-lock", ["reason": "called again"])
            #expect(try await notices() == 1, "there was no lock")
        }
    }

    @Test("Blocked responses are lifted, and what counts towards the end of a card stays")
    func liftBlock() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            let challenge = try OpenIDTests.text(try await login.password(site, "alice"), "challenge")
            for _ in 1...5 { _ = try await login.respond(site, try Firm.alice.wrongResponse(to: challenge)) }
            let kinds = try await desk.obstacles("alice")
            #expect(kinds == ["responses_blocked", "authenticator_blocked"])
            let before = try await desk.call(.get, "/users/alice")
            guard case .array(let obstacles)? = before.json?["obstacles"] else { throw Missing(what: "obstacles") }
            #expect(
                obstacles.last == [
                    "kind": "authenticator_blocked", "authenticator_kind": "security_card", "label": "0001",
                    "until": "2026-01-01T00:01:00.000Z",
                ])
            let notices = { try await site.dump()["notice"].filter { $0["kind"] == .text("authenticator.unlocked") } }
            _ = try await desk.call(.post, "/users/alice/lift-lock", ["reason": "called"])
            #expect(try await notices().count == 1)
            #expect(try await desk.obstacles("alice").isEmpty)
            _ = try await desk.call(.post, "/users/alice/lift-lock", ["reason": "called again"])
            #expect(try await notices().count == 1, "there was no block")
            let seen = try await desk.call(.get, "/users/alice")
            guard case .array(let authenticators)? = seen.json?["authenticators"] else { throw Missing(what: "cards") }
            #expect(authenticators.map { $0["wrong_answers"] } == [5])
        }
    }

    @Test("Nobody but an administrator acts on staff, and nobody ends their own rights")
    func staffAreProtected() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            try await Desk.give([.administrator], to: "alice", at: site)
            for (path, body) in [
                ("users/alice/lift-lock", ["reason": "x"]), ("users/alice/disable", ["reason": "x"]),
                ("users/alice/end-sessions", ["reason": "x"]), ("users/alice/recovery", ["reason": "x"]),
                ("users/alice/recovery/cancel", ["reason": "x"]),
                ("users/alice/activation-code", ["kind": "spoken", "reason": "x"]),
                ("users/alice/cards", ["address": ["1 Queen's Road"], "reason": "x"]),
                ("cards/CS-100001/block", ["reason": "x"]), ("cards/CS-100001/unblock", ["reason": "x"]),
                ("cards/CS-100001/extend", ["reason": "x"]), ("cards/CS-100001/cancel", ["reason": "x"]),
                ("cards/CS-100001/lost", ["reason": "x"]),
            ] as [(String, JSONValue)] {
                let answer = try await desk.call(.post, "/\(path)", body)
                #expect(answer.status == 403 && answer.body.contains("administrator"), "\(path)")
            }
            let pin: JSONValue = ["pin": "4821", "reason": "x"]
            #expect(try await desk.call(.put, "/cards/CS-100001/pin", pin).status == 403)
            #expect(try await desk.call(.get, "/cards/CS-100001").status == 403)
            #expect(try await desk.call(.get, "/users/alice").status == 200)
            try await Desk.give([.administrator], to: "dave", at: site)
            #expect(try await desk.call(.post, "/users/dave/disable", ["reason": "x"]).status == 403)
            let own = try await desk.call(.put, "/users/dave/roles", ["roles": [], "reason": "x"])
            #expect(own.status == 403)
            #expect(try await desk.call(.put, "/cards/CS-100004/pin", pin).status == 403)
            let order: JSONValue = ["address": ["1 Queen's Road"], "reason": "x"]
            #expect(try await desk.call(.post, "/users/dave/cards", order).status == 403)
            #expect(try await desk.call(.post, "/users/dave/recovery", ["reason": "x"]).status == 403)
            #expect(try await desk.call(.put, "/cards/CS-100001/pin", pin).status == 200)
            #expect(try await desk.call(.post, "/users/alice/disable", ["reason": "left"]).status == 200)
        }
    }

    @Test("With the sessions ends what was begun and not finished", arguments: StoreKind.allCases)
    func loginsUnderWay(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let desk = try await Desk.loggedIn("dave", roles: [.helpDesk], at: site)
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            let challenge = try OpenIDTests.text(try await login.password(site, "alice"), "challenge")
            let granted = try await login.respond(site, try Firm.alice.response(to: challenge))
            #expect(granted.json?["state"] == "granted")
            #expect(try await desk.call(.post, "/users/alice/end-sessions", ["reason": "stolen"]).status == 200)
            #expect(try await login.step(site, "finish", [:]).status == 409)
            #expect(try await login.get(site).json?["state"] == "refused")
        }
    }

    @Test("A disabled user's sessions end at once; enabled, he logs in again")
    func disable() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let alice = try await Desk.loggedIn("alice", roles: [.auditor], at: site)
            #expect(try await alice.call(.get, "/audit").status == 200)
            #expect(try await desk.call(.post, "/users/alice/disable", ["reason": "left"]).status == 200)
            #expect(try await alice.call(.get, "/audit").status == 401)
            #expect(try await desk.obstacles("alice") == ["user_disabled"])
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            #expect(try await login.password(site, "alice").status == 422)
            #expect(try await desk.call(.post, "/users/alice/enable", ["reason": "back"]).status == 200)
            #expect(try await login.password(site, "alice").json?["state"] == "awaiting_response")
        }
    }

    @Test("Bad input: what is wrong is said, and nothing is changed")
    func badInput() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let before = try await site.dump()
            let cases: [(HTTPRequest.Method, String, JSONValue?, Int)] = [
                (.get, "/users/nobody", nil, 404), (.get, "/users/%00", nil, 404), (.get, "/users/%ff", nil, 404),
                (.get, "/users?limit=0", nil, 400), (.get, "/users?limit=101", nil, 400),
                (.get, "/users?limit=1&limit=2", nil, 400),
                (.post, "/users/alice/lift-lock", [:], 400), (.post, "/users/alice/lift-lock", ["reason": ""], 400),
                (.post, "/users/alice/lift-lock", ["reason": "  "], 400),
                (.post, "/users/alice/lift-lock", ["reason": "x", "y": 1], 400),
                (.post, "/users/nobody/lift-lock", ["reason": "x"], 404),
                (.put, "/users/alice/roles", ["roles": ["king"], "reason": "x"], 400),
                (.post, "/users", ["username": "alice", "name": "A", "reason": "x"], 409),
                (.post, "/users", ["username": " ", "name": "A", "reason": "x"], 400),
                (.post, "/users", ["username": "new", "name": "A", "email": "nobody", "reason": "x"], 400),
                (.post, "/users", ["username": "new", "name": "A", "email": "a@b\u{301}.example", "reason": "x"], 400),
                (.post, "/users", ["username": "new", "name": "A", "email": "a b@example.com", "reason": "x"], 400),
                (.post, "/applications", ["client_id": "portal", "name": "A", "reason": "x"], 409),
                (.post, "/applications", ["client_id": "a b", "name": "A", "reason": "x"], 400),
                (.post, "/applications", ["client_id": "a", "name": "A", "kind": "toaster", "reason": "x"], 400),
                (
                    .post, "/applications",
                    ["client_id": "a", "name": "A", "redirect_uris": ["http://evil.example/"], "reason": "x"], 400
                ),
                (.get, "/audit?event=no.such", nil, 400), (.get, "/audit?since=yesterday", nil, 400),
                (.get, "/audit?limit=1001", nil, 400), (.get, "/audit?evnt=login.granted", nil, 400),
                (.get, "/audit?user=nobody", nil, 404), (.get, "/audit?application=nobody", nil, 404),
                (.get, "/audit?before=x", nil, 400), (.delete, "/users/alice", nil, 405),
            ]
            for (method, path, body, status) in cases {
                let answer = try await desk.call(method, path, body)
                #expect(answer.status == status, "\(method) \(path): \(answer.body)")
                #expect(answer.headers[.contentType] == "application/problem+json", "\(path)")
            }
            #expect(try await site.dump() == before)
        }
    }

    @Test("The audit trail by user, event, outcome, time, and page by page", arguments: StoreKind.allCases)
    func audit(kind: StoreKind) async throws {
        try await Site.with(kind) { site in
            let login = try NativeLogin(try await site.native("", try NativeLoginTests.body()))
            for _ in 1...3 { _ = try await login.password(site, "alice", "wrong") }
            site.clock.advance(.minutes(1))
            let desk = try await Desk.loggedIn("dave", roles: [.auditor], at: site)
            let failures = try await desk.entries("?user=alice&event=password.checked&outcome=failure")
            #expect(failures.count == 3)
            #expect(failures.allSatisfy { $0["user"] == "alice" && $0["application"] == "terminal" })
            #expect(try await desk.entries("?user=alice&since=2026-01-01T00:00:30Z").isEmpty)
            #expect(try await desk.entries("?event=password.checked&until=2026-01-01T00:00:30Z").count == 3)
            #expect(try await desk.entries("?user=dave&event=login.granted").count == 1)
            #expect(try await desk.entries("?actor=test&event=user.added").count == 4)
            #expect(try await desk.entries("?application=portal&event=login.granted").isEmpty)
            let all = try await desk.entries("?limit=1000")
            var paged: [JSONValue] = []
            while true {
                var query = "?limit=7"
                if case .string(let last)? = paged.last?["id"] { query += "&before=\(last)" }
                let page = try await desk.entries(query)
                if page.isEmpty { break }
                paged += page
            }
            #expect(paged == all)
        }
    }

    @Test("A registered application logs a user in with the secret that was told once")
    func register() async throws {
        try await Site.with { site in
            let desk = try await Desk.loggedIn("dave", roles: [.administrator], at: site)
            let made = try await desk.call(
                .post, "/applications",
                [
                    "client_id": "checker", "name": "Checker", "permissions": ["factor_check"], "reason": "go-live",
                ])
            #expect(made.status == 201)
            let secret = try OpenIDTests.text(made, "client_secret")
            let started = try await site.api("", ["username": "alice"], Site.basic("checker", secret))
            #expect(started.status == 201)
            let open = try await desk.call(
                .post, "/applications",
                [
                    "client_id": "app", "name": "App", "kind": "native", "token_endpoint_auth_method": "none",
                    "reason": "x",
                ])
            #expect(open.status == 201 && open.json?["client_secret"] == nil)
            let listed = try await desk.call(.get, "/applications")
            #expect(!listed.body.contains(secret))
        }
    }
}

/// Somebody of the staff, logged in by the login API.
struct Desk: Sendable {
    let site: Site
    let token: String

    static func give(_ roles: Set<Role>, to name: String, at site: Site) async throws {
        let text = roles.map(\.rawValue).sorted().joined(separator: " ")
        _ = try await site.driver.write {
            try $0.execute("UPDATE app_user SET roles = \(text) WHERE name = \(name)")
        }
    }

    static func loggedIn(
        _ name: String, roles: Set<Role>, scope: String = "openid admin", at site: Site
    ) async throws -> Desk {
        try await self.give(roles, to: name, at: site)
        let login = try NativeLogin(
            try await site.native("", try NativeLoginTests.body(["scope": .string(scope)])))
        let challenge = try OpenIDTests.text(try await login.password(site, name), "challenge")
        let card = name == "alice" ? Firm.alice : Firm.dave
        _ = try await login.respond(site, try card.response(to: challenge))
        let code = try OpenIDTests.text(try await login.step(site, "finish", [:]), "code")
        return Desk(site: site, token: try OpenIDTests.text(try await login.redeem(site, code), "access_token"))
    }

    func call(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(self.token)"]
        if body != nil { headers[.contentType] = "application/json" }
        return try await self.site.send(method, "/api/v1/admin\(path)", headers, body: body?.encoded() ?? [])
    }

    func entries(_ query: String) async throws -> [JSONValue] {
        guard case .array(let entries)? = try await self.call(.get, "/audit\(query)").json?["entries"] else {
            throw Missing(what: "entries for \(query)")
        }
        return entries
    }

    func obstacles(_ name: String) async throws -> [String] {
        guard case .array(let obstacles)? = try await self.call(.get, "/users/\(name)").json?["obstacles"] else {
            throw Missing(what: "obstacles of \(name)")
        }
        return obstacles.compactMap { obstacle in
            if case .string(let kind)? = obstacle["kind"] { kind } else { nil }
        }
    }
}
