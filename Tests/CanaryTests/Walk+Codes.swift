import Encodings
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import NIOCore
import TestWorld
import Testing

/// Codes that are sent or given out, and a new PIN.
extension Walk {
    static let newPIN = "84026"
    static let newPassword = "canary-first-password-Hv3"
    static let typedNumber = "+85253126978"

    /// Bob's code, wrong and right, in a login by text.
    func textLogin() async throws {
        let (path, csrf, cookies) = try await self.start()
        _ = try await self.post(
            "\(path)/password", [("csrf", csrf), ("username", "bob"), ("password", CanaryTests.password)], cookies)
        let code = try await self.sentCode()
        self.result.canaries.add("code by text", digits: code)
        for typed in ["0\(code)", "\(code)x", code] {
            _ = try await self.post("\(path)/response", [("csrf", csrf), ("code", typed)], cookies)
        }
        let finished = try await self.send(.get, "\(path)/finish", cookies)
        _ = try self.cookie("session", finished)
    }

    /// Carol's number, typed while her account is opened.
    func typedNumber() async throws {
        let basic = Data("portal:\(CanaryTests.clientSecret)".utf8).base64EncodedString()
        let headers: HTTPFields = [.authorization: "Basic \(basic)", .contentType: "application/json"]
        let path = "/api/v1/users/carol/number-checks"
        self.result.canaries.add("typed number", String(Self.typedNumber.dropFirst("+852".count)))
        _ = try await self.send(.post, path, headers, "{\"number\":\"\(Self.typedNumber)\"")
        let begun = try await self.send(.post, path, headers, "{\"number\":\"\(Self.typedNumber)\"}")
        guard case .string(let id)? = try JSONValue(parsing: Array(buffer: begun.body))["id"] else {
            throw Missing(what: "an attempt")
        }
        let code = try await self.sentCode()
        self.result.canaries.add("code for a number", digits: code)
        for body in ["{\"code\":\"\(code)", "{\"code\":\"\(code)\",\"x\":1}", "{\"code\":\"\(code)\"}"] {
            let answer = try await self.send(.post, "\(path)/\(id)/confirm", headers, body)
            #expect((answer.status == .ok) == body.hasSuffix("\"}"))
        }
    }

    /// A new PIN for Alice's card, by the session of her login.
    func changePIN(_ session: String) async throws {
        let cookies: HTTPFields = [.cookie: "__Host-countersign-session=\(session)"]
        let csrf = try #require(SecretToken(session)).derived(for: "form")
        let cards = String(buffer: try await self.send(.get, "/account/cards", cookies).body)
        let card = try #require(cards.firstMatch(of: #/\/account\/cards\/([0-9a-f]{32})\//#)).1
        let begun = try await self.post("/account/cards/\(card)/pin", [("csrf", csrf)], cookies)
        let task = try #require(begun.headers[.location])
        let old = try CanaryTests.card.response(to: try await self.challenge(task, cookies))
        _ = try await self.post("\(task)/old-pin", [("csrf", csrf), ("code", old)], cookies)
        let digits = try await self.challenge(task, cookies)
        let new = try CanaryTests.card.response(to: digits, pin: Self.newPIN)
        for response in [old, new] { self.result.canaries.add("response with a PIN", response) }
        self.result.canaries.add("new PIN", digits: Self.newPIN)
        let fields = [("csrf", csrf), ("pin", Self.newPIN)]
        _ = try await self.post("\(task)/new-pin", fields + [("again", "\(Self.newPIN)7"), ("code", new)], cookies)
        let done = try await self.post("\(task)/new-pin", fields + [("again", Self.newPIN), ("code", new)], cookies)
        #expect(done.headers[.location] == "/account/cards?done=card_pin")
    }

    /// Dora's first password, by the code that the staff gave out.
    func activate(by code: String) async throws {
        self.result.canaries.add("activation code", code)
        self.result.canaries.add("activation code without a dash", code.filter { $0 != "-" })
        self.result.canaries.add("first password", Self.newPassword)
        let form = try await self.send(.get, "/account/activate")
        let token = try self.cookie("form", form)
        let cookies: HTTPFields = [.cookie: "__Host-countersign-form=\(token)"]
        let csrf = try #require(SecretToken(token)).derived(for: "form")
        for again in ["\(Self.newPassword)x", Self.newPassword] {
            let answer = try await self.post(
                "/account/activate",
                [
                    ("csrf", csrf), ("username", "dora"), ("code", code), ("new", Self.newPassword), ("again", again),
                ], cookies)
            #expect((answer.status == .ok) == (again == Self.newPassword))
        }
    }
}
