import Flows
import Identifiers
import SQL
import Sessions
import TestWorld
import Testing
import Time

@Suite("Refresh tokens")
struct RefreshTests {
    @Test("A refresh gives new tokens of the same login", arguments: StoreKind.allCases, ["portal", "desk"])
    func refresh(kind: StoreKind, clientID: String) async throws {
        try await World.with(kind) { world in
            let at = world.clock.now()
            let first = try await world.tokens(of: clientID)
            world.clock.advance(.minutes(6))
            let second = try #require(try await world.refresh(first, by: clientID))
            #expect(second.authentication.at == at && second.session == first.session && second.user == first.user)
            #expect(second.nonce == nil && first.nonce != nil)
            #expect(second.scope == first.scope)
            #expect(try await world.authorization.userInformation(first.accessToken) == nil, "5 minutes are over")
            #expect(try await world.authorization.userInformation(second.accessToken) != nil)
            #expect(try await world.refresh(second, by: clientID) != nil)
            #expect(try await world.audit().filter { $0 == "token.refreshed success" }.count == 2)
        }
    }

    @Test("A used one presented again ends the whole family", arguments: StoreKind.allCases)
    func reuse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let stranger = try await world.tokens()
            let first = try await world.tokens()
            let second = try #require(try await world.refresh(first))
            let third = try #require(try await world.refresh(second))
            #expect(try await world.refresh(first) == nil)
            for tokens in [first, second, third] {
                #expect(try await world.refresh(tokens) == nil)
                #expect(try await world.authorization.userInformation(tokens.accessToken) == nil)
            }
            #expect(try await world.audit().contains("token.refreshed failure reused"))
            #expect(try await world.audit().contains("token.refreshed failure revoked"), "the third was never used")
            #expect(try await world.refresh(stranger) != nil, "another family is left alone")
        }
    }

    @Test("A code used twice takes its refresh tokens with it", arguments: StoreKind.allCases)
    func codeReuse(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let code = try await world.code()
            let tokens = try #require(try await world.redeem(code))
            #expect(try await world.redeem(code) == nil)
            #expect(try await world.refresh(tokens) == nil)
        }
    }

    @Test("Of 50 refreshes at once one gets tokens, and nobody keeps them", arguments: StoreKind.allCases)
    func race(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let tokens = try await world.tokens()
            let got = try await atOnce(50) { _ in try await world.refresh(tokens) }.compactMap(\.self)
            #expect(got.count == 1)
            for each in got {
                #expect(try await world.refresh(each) == nil)
                #expect(try await world.authorization.userInformation(each.accessToken) == nil)
            }
        }
    }

    @Test("While the family is refreshed and revoked at once, nothing survives", arguments: StoreKind.allCases)
    func revokedMeanwhile(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let first = try await world.tokens()
            let second = try #require(try await world.refresh(first))
            let got = try await atOnce(10) { number in
                try await world.refresh(number.isMultiple(of: 2) ? second : first)
            }
            for case let each? in got {
                #expect(try await world.refresh(each) == nil)
                #expect(try await world.authorization.userInformation(each.accessToken) == nil)
            }
        }
    }

    @Test("While a code is redeemed again and its tokens refreshed, nothing survives", arguments: StoreKind.allCases)
    func codeReuseAtOnce(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            for _ in 1...40 {
                let code = try await world.code(in: finished)
                let first = try #require(try await world.redeem(code))
                // Once each: a second refresh would end the family by itself.
                let got = try await atOnce(2) { number in
                    number == 0 ? try await world.refresh(first) : try await world.redeem(code)
                }
                for case let each? in got + [first] {
                    #expect(try await world.authorization.userInformation(each.accessToken) == nil)
                    #expect(try await world.refresh(each) == nil)
                }
            }
        }
    }

    @Test("What was proven in the session since is not said of the old login", arguments: StoreKind.allCases)
    func renewed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let waiting = try await world.code(in: finished)
            let first = try #require(try await world.redeem(try await world.code(in: finished)))
            world.clock.advance(.seconds(30))
            let renewed = try await world.enter(replacing: finished.session)
            #expect(try await world.account.admit(renewed, to: .view).session.authentication.at == world.clock.now())
            let late = try #require(try await world.redeem(waiting))
            let second = try #require(try await world.refresh(first))
            #expect(late.authentication == first.authentication && second.authentication == first.authentication)
            // Codes of before this was kept with them.
            try await world.execute("UPDATE authorization_code SET authenticated_at = NULL, methods = NULL")
            let third = try #require(try await world.refresh(second))
            #expect(third.authentication.at == world.clock.now())
        }
    }

    static let endings = [
        "logout", "1 h without use", "user disabled", "permission withdrawn", "another application",
    ]

    @Test("It ends with its session, its user and its permission", arguments: StoreKind.allCases, endings)
    func ends(kind: StoreKind, how: String) async throws {
        try await World.with(kind) { world in
            let finished = try await world.logIn()
            let tokens = try #require(try await world.redeem(try await world.code(in: finished)))
            var clientID = "portal"
            switch how {
            case "logout": try await world.authorization.logOut(finished.session, origin: World.origin)
            case "1 h without use": world.clock.advance(.hours(1))
            case "user disabled": try await world.execute("UPDATE app_user SET status = 'disabled'")
            case "permission withdrawn":
                try await world.execute(
                    "UPDATE application SET registration = REPLACE(registration, '\"offline_access\"', '')")
            default: clientID = "desk"
            }
            #expect(try await world.refresh(tokens, by: clientID) == nil)
            let reason = clientID == "desk" ? "wrong_application" : "expired"
            #expect(try await world.audit().contains("token.refreshed failure \(reason)"))
        }
    }

    @Test("A refresh keeps no session alive", arguments: StoreKind.allCases)
    func noActivity(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            var tokens = try await world.tokens()
            for _ in 1...5 {
                world.clock.advance(.minutes(10))
                tokens = try #require(try await world.refresh(tokens))
            }
            world.clock.advance(.minutes(10) + .milliseconds(-1))
            let last = try #require(try await world.refresh(tokens))
            world.clock.advance(.milliseconds(1))
            #expect(try await world.refresh(last) == nil)
        }
    }

    @Test("Fewer scopes may be asked for, never more", arguments: StoreKind.allCases)
    func scopes(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let tokens = try await world.tokens()
            let wide = try await world.answer(tokens, scopes: ["openid", "profile"])
            guard case .scopeTooWide = wide else { return #expect(Bool(false), "\(wide)") }
            let narrow = try #require(try await world.refresh(tokens, scopes: ["openid"]))
            #expect(narrow.scope == ["openid"])
            #expect(try await world.authorization.userInformation(narrow.accessToken)?.scope == ["openid"])
            let again = try #require(try await world.refresh(narrow))
            #expect(again.scope == tokens.scope, "the refresh token keeps what was granted")
        }
    }

    @Test("Who does not ask, or may not have one, gets none", arguments: StoreKind.allCases)
    func none(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let unasked = try #require(try await world.redeem(try await world.logIn().code))
            #expect(unasked.refreshToken == nil)
            let code = try await world.code(for: "no-refresh")
            #expect(try #require(try await world.redeem(code, by: "no-refresh")).refreshToken == nil)
            #expect(try await world.dump()["refresh_token"].isEmpty)
        }
    }

    @Test("Only a hash is stored", arguments: StoreKind.allCases)
    func hashed(kind: StoreKind) async throws {
        try await World.with(kind) { world in
            let secret = try #require(try await world.tokens().refreshToken)
            let dump = try await world.dump()
            #expect(dump["refresh_token"].count == 1)
            let text = Array(secret.text.utf8)
            #expect(!dump.cells.contains { $0.bytes == text })
            #expect(dump.cells.contains { $0.place == "refresh_token.hash" && $0.bytes == secret.hash })
        }
    }
}

extension World {
    /// A code with `offline_access`.
    func code(for clientID: String = "portal", in finished: FinishedLogin? = nil) async throws -> IssuedCode {
        let session = if let finished { finished.session } else { try await self.logIn().session }
        let redirect = clientID == "desk" ? Firm.deskCallback : Firm.callback
        let code = try await self.authorization.issueCode(
            for: try await self.application(clientID),
            authorization: try World.pending(callback: redirect, scope: ["openid", "email", "offline_access"]),
            session: session, user: nil, maximumAge: nil, isActivity: true, origin: World.origin)
        guard let code else { throw Missing(what: "a code") }
        return code
    }

    func tokens(of clientID: String = "portal") async throws -> IssuedTokens {
        let code = try await self.code(for: clientID)
        let redirect = clientID == "desk" ? Firm.deskCallback : Firm.callback
        guard let tokens = try await self.redeem(code, by: clientID, redirect: redirect) else {
            throw Missing(what: "tokens")
        }
        return tokens
    }

    func answer(
        _ tokens: IssuedTokens, by clientID: String = "portal", scopes: [String]? = nil
    ) async throws -> RefreshAnswer {
        guard let token = tokens.refreshToken else { throw Missing(what: "a refresh token") }
        return try await self.authorization.refresh(
            token, scopes: scopes, by: try await self.application(clientID), origin: World.origin)
    }

    func refresh(
        _ tokens: IssuedTokens, by clientID: String = "portal", scopes: [String]? = nil
    ) async throws -> IssuedTokens? {
        guard case .issued(let new) = try await self.answer(tokens, by: clientID, scopes: scopes) else { return nil }
        return new
    }
}
