internal import Crypto
internal import Encodings
internal import OAuth

/// The login itself: one question a line, as the login pages ask them.
extension TerminalSession {
    /// - Parameters:
    ///   - userName: asked for where it is nil.
    ///   - console: who types.
    /// - Returns: the user's name to greet by.
    package func logIn(userName: String?, console: Console) async throws -> String {
        let verifier = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
        var login = try await self.begin(verifier)
        let name = try userName ?? console.ask("User name: ")
        try await self.password(&login, name, console)
        while login.state != "granted" {
            switch login.state {
            case "choosing_authenticator": try await self.choose(&login, console)
            case "awaiting_response": try await self.respond(&login, console)
            case "refused": throw TerminalError.loginOver(self.words(login.answer))
            default: throw TerminalError.unexpectedAnswer("state \(login.state)")
            }
        }
        if let until = login.answer.optionalText("limited_until") {
            console.say("Your card was ordered or activated without a second factor. Until \(until) it counts as a")
            console.say("weaker proof: no change to how you sign in, and no staff command, is possible with it.")
        }
        return try await self.finish(login, name, verifier)
    }

    private struct Login {
        let id: String
        let secret: String
        var answer: ServerConnection.Answer
        var state: String { self.answer.optionalText("state") ?? "" }
    }

    private func begin(_ verifier: String) async throws -> Login {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: verifier))
        let answer = try await self.server.send(
            "POST", "/api/v1/logins",
            json: [
                "client_id": .string(Self.clientID), "scope": .string(Self.scope),
                "code_challenge": .string(challenge.text), "code_challenge_method": "S256",
            ])
        guard answer.isSuccess else {
            guard answer.status == 401 || answer.status == 403 else { throw Self.refusal(answer) }
            throw TerminalError.refused(
                "the server does not know this program",
                hint: "its operator registers it with countersign bootstrap, once")
        }
        return Login(id: try answer.text("id"), secret: try answer.text("secret"), answer: answer)
    }

    private func step(_ login: Login, _ name: String, _ body: JSONValue) async throws -> ServerConnection.Answer {
        try await self.server.send(
            "POST", "/api/v1/logins/\(login.id)/\(name)",
            headers: [("Countersign-Login-Secret", login.secret), ("Countersign-Client-ID", Self.clientID)], json: body)
    }

    /// Three tries, as a terminal's user expects; the server counts its own.
    private func password(_ login: inout Login, _ name: String, _ console: Console) async throws {
        let device = try self.state.read().device
        for _ in 1...3 {
            let password = try console.askSecret("Password: ")
            let answer = try await self.step(
                login, "password",
                .object(omittingAbsent: [
                    "username": .string(name), "password": .string(password), "device": device.map(JSONValue.string),
                ]))
            if answer.isSuccess {
                login.answer = answer
                return
            }
            guard answer.status == 422 || answer.status == 400 else { throw Self.refusal(answer) }
            console.say("The user name or the password is wrong.")
        }
        throw TerminalError.loginOver("three wrong passwords")
    }

    private func choose(_ login: inout Login, _ console: Console) async throws {
        guard case .array(let authenticators)? = login.answer.json?["authenticators"], !authenticators.isEmpty else {
            throw TerminalError.unexpectedAnswer("no authenticators")
        }
        if case .string(let until)? = login.answer.json?["blocked"]?["until"] {
            console.say("Too many wrong answers: that device is blocked until \(until).")
            if authenticators.count == 1 { throw TerminalError.loginOver("your only device is blocked until \(until)") }
        }
        console.say("Select second factor device:")
        for (index, authenticator) in authenticators.enumerated() {
            console.say("  \(index + 1)  \(Self.label(authenticator))")
        }
        let typed = try console.ask("Number: ").filter { $0 != " " }
        guard let number = Int(typed), (1...authenticators.count).contains(number),
            case .string(let id)? = authenticators[number - 1]["id"]
        else { return console.say("That is not one of the numbers.") }
        let answer = try await self.step(login, "authenticator", ["authenticator": .string(id)])
        guard answer.isSuccess else { throw Self.refusal(answer) }
        login.answer = answer
    }

    private func respond(_ login: inout Login, _ console: Console) async throws {
        console.say(Self.label(login.answer.json?["authenticator"] ?? .null))
        console.say("Challenge: \(try login.answer.text("challenge"))")
        console.say("Switch your card on, enter your PIN, then the challenge. The response has 8 digits.")
        let typed = try console.ask("Response (Enter alone to choose another device, q to cancel): ")
        switch typed.filter({ $0 != " " }) {
        case "":
            let answer = try await self.step(login, "other", [:])
            guard answer.isSuccess else { throw Self.refusal(answer) }
            login.answer = answer
        case "q", "Q":
            _ = try await self.step(login, "cancel", [:])
            throw TerminalError.loginOver("you cancelled it")
        default: try await self.submit(typed, &login, console)
        }
    }

    private func submit(_ typed: String, _ login: inout Login, _ console: Console) async throws {
        let answer = try await self.step(login, "response", ["response": .string(typed)])
        guard answer.isSuccess else {
            guard answer.status == 422 else { throw Self.refusal(answer) }
            return console.say("That is no response: \(answer.optionalText("detail") ?? "it was not understood").")
        }
        login.answer = answer
        if case .integer(let left)? = answer.json?["wrong_answer"]?["attempts_left"] {
            console.say("That response is wrong. \(left) \(left == 1 ? "attempt" : "attempts") left.")
            if case .integer(let block)? = answer.json?["wrong_answer"]?["next_block_seconds"] {
                console.say("After another wrong one you must wait \(block) seconds.")
            }
        }
    }

    private func finish(_ login: Login, _ name: String, _ verifier: String) async throws -> String {
        let device = try self.state.read().device
        let finished = try await self.step(
            login, "finish", .object(omittingAbsent: ["device": device.map(JSONValue.string)]))
        guard finished.isSuccess else { throw Self.refusal(finished) }
        let tokens = try await self.server.post(
            "/oauth2/token",
            form: [
                ("grant_type", "authorization_code"), ("client_id", Self.clientID),
                ("code", try finished.text("code")), ("redirect_uri", "urn:countersign:login-api"),
                ("code_verifier", verifier),
            ], headers: [("Countersign-Login-Secret", login.secret)])
        guard tokens.isSuccess else { throw Self.refusal(tokens) }
        let (refresh, newDevice) = (tokens.optionalText("refresh_token"), finished.optionalText("device"))
        let user = try await self.whoIs(try tokens.text("access_token"))
        try await self.state.change { state in
            state.userName = user.userName
            state.refreshToken = refresh
            state.device = newDevice ?? state.device
        }
        return user.name
    }

    private static func label(_ authenticator: JSONValue) -> String {
        guard case .string(let label)? = authenticator["label"] else { return "Security card" }
        return "Security card ending in \(label)"
    }

    private func words(_ answer: ServerConnection.Answer) -> String {
        guard answer.optionalText("reason") == "pin_change_required" else {
            return Self.words(answer.optionalText("reason"))
        }
        let page = self.server.address.text + (answer.optionalText("continue_at") ?? "/account")
        return "somebody else has set your card's PIN; open \(page), choose a PIN of your own, then log in here"
    }

    private static func words(_ reason: String?) -> String {
        switch reason {
        case "expired": "it took too long"
        case "challenge_expired": "the challenge has expired"
        case "cancelled": "it was cancelled"
        case "no_authenticator": "you have no device that can be used; the help desk can give you one"
        case "authenticator_disabled": "too many wrong answers: your device must be set up anew"
        default: "the server refused it"
        }
    }
}
