internal import Crypto
internal import Encodings
internal import OAuth

/// The login itself: one question a line, as the login pages ask them.
extension TerminalSession {
    /// - Parameters:
    ///   - userName: asked for where it is nil.
    ///   - console: who types.
    ///   - messages: in the language of who types.
    /// - Returns: the user's name to greet by.
    package func logIn(
        userName: String?, console: Console, messages: TerminalMessages = .english
    ) async throws -> String {
        let person = Person(console: console, messages: messages)
        let verifier = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
        var login = try await self.begin(verifier)
        let name = try userName ?? person.ask(.askUserName)
        try await self.password(&login, name, person)
        while login.state != "granted" {
            switch login.state {
            case "choosing_authenticator": try await self.choose(&login, person)
            case "awaiting_response": try await self.respond(&login, person)
            case "refused": throw TerminalError.loginOver(self.end(login.answer))
            default: throw TerminalError.unexpectedAnswer("state \(login.state)")
            }
        }
        if let until = login.answer.optionalText("limited_until") {
            person.say(.limited, ["until": until])
        }
        return try await self.finish(login, person, verifier)
    }

    private struct Login {
        let id: String
        let secret: String
        var answer: ServerConnection.Answer
        /// The code whose way was followed already, by when it was asked for.
        var followed: String?
        var state: String { self.answer.optionalText("state") ?? "" }
    }

    private func begin(_ verifier: String) async throws -> Login {
        let challenge = PKCE.Challenge(of: try PKCE.Verifier(parsing: verifier))
        let answer = try await self.server.send(
            "POST", "/api/v1/logins",
            json: [
                "client_id": .string(Self.clientID), "scope": .string(Self.scope),
                "code_challenge": .string(challenge.text), "code_challenge_method": "S256",
                "capabilities": ["voice"],
            ])
        guard answer.isSuccess else {
            guard answer.status == 401 || answer.status == 403 else { throw Self.refusal(answer) }
            throw TerminalError.unknownProgram
        }
        return Login(id: try answer.text("id"), secret: try answer.text("secret"), answer: answer)
    }

    private func step(_ login: Login, _ name: String, _ body: JSONValue) async throws -> ServerConnection.Answer {
        try await self.server.send(
            "POST", "/api/v1/logins/\(login.id)/\(name)", headers: Self.headers(of: login), json: body)
    }

    private static func headers(of login: Login) -> [(String, String)] {
        [("Countersign-Login-Secret", login.secret), ("Countersign-Client-ID", Self.clientID)]
    }

    /// Three tries, as a terminal's user expects; the server counts its own.
    private func password(_ login: inout Login, _ name: String, _ person: Person) async throws {
        let device = try self.state.read().device
        for _ in 1...3 {
            let password = try person.askSecret(.askPassword)
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
            person.say(.wrongCredentials)
        }
        throw TerminalError.loginOver(.tooManyPasswords)
    }

    private func choose(_ login: inout Login, _ person: Person) async throws {
        guard case .array(let authenticators)? = login.answer.json?["authenticators"], !authenticators.isEmpty else {
            throw TerminalError.unexpectedAnswer("no authenticators")
        }
        if case .string(let until)? = login.answer.json?["blocked"]?["until"] {
            person.say(.blockedUntil, ["until": until])
            if authenticators.count == 1 { throw TerminalError.loginOver(.blocked(until: until)) }
        }
        if login.answer.json?["codes_ended"] == true { person.say(.codesEnded) }
        person.say(.chooseDevice)
        for (index, authenticator) in authenticators.enumerated() {
            person.console.say("  \(index + 1)  \(Self.label(authenticator, person))")
        }
        let typed = try person.ask(.askNumber).filter { $0 != " " }
        guard let number = Int(typed), (1...authenticators.count).contains(number),
            case .string(let id)? = authenticators[number - 1]["id"]
        else { return person.say(.notANumber) }
        let answer = try await self.step(login, "authenticator", ["authenticator": .string(id)])
        guard answer.isSuccess else { throw Self.refusal(answer) }
        login.answer = answer
    }

    private func respond(_ login: inout Login, _ person: Person) async throws {
        person.console.say(Self.label(login.answer.json?["authenticator"] ?? .null, person))
        let isCode = login.answer.json?["code"] != nil
        if isCode {
            guard let code = try await self.followed(&login) else { return }
            person.say(code.phrase)
        } else {
            person.say(.challenge, ["digits": try login.answer.text("challenge")])
            person.say(.cardSteps)
        }
        let isCallOffered = SentCode(login.answer.json)?.isCallOffered == true
        let typed = try person.ask(isCode ? .codePrompt(withCall: isCallOffered) : .askResponse)
        switch typed.filter({ $0 != " " }) {
        case "":
            let answer = try await self.step(login, "other", [:])
            guard answer.isSuccess else { throw Self.refusal(answer) }
            login.answer = answer
        case "q", "Q":
            _ = try await self.step(login, "cancel", [:])
            throw TerminalError.loginOver(.cancelledHere)
        case "t", "T", "v", "V":
            guard isCode else { return person.say(.malformedResponse) }
            try await self.sendCode(typed.lowercased() == "t" ? "text" : "voice", &login, person)
        default: try await self.submit(typed, &login, person, isCode: isCode)
        }
    }

    /// How far the code came. Of one that was just asked for, once somebody has taken it or will not, or after 5 seconds.
    ///
    /// - Returns: nil when the login waits for no code any more.
    private func followed(_ login: inout Login) async throws -> SentCode? {
        for pause in 0...10 {
            let answer = try await self.server.send(
                "GET", "/api/v1/logins/\(login.id)", headers: Self.headers(of: login))
            guard answer.isSuccess else { throw Self.refusal(answer) }
            login.answer = answer
            guard let code = SentCode(answer.json) else { return nil }
            guard code.isUnderWay, code.askedFor != login.followed, pause < 10 else {
                login.followed = code.askedFor
                return code
            }
            try await Task.sleep(for: .milliseconds(500))
        }
        return nil
    }

    /// Another text, or a call.
    private func sendCode(_ way: String, _ login: inout Login, _ person: Person) async throws {
        let answer = try await self.step(login, "code", ["by": .string(way)])
        guard answer.isSuccess else {
            guard answer.status == 422 || answer.status == 429 else { throw Self.refusal(answer) }
            return person.say(.codeNotSent)
        }
        login.answer = answer
    }

    private func submit(
        _ typed: String, _ login: inout Login, _ person: Person, isCode: Bool
    ) async throws {
        let answer = try await self.step(login, "response", ["response": .string(typed)])
        guard answer.isSuccess else {
            guard answer.status == 422 else { throw Self.refusal(answer) }
            return person.say(isCode ? .malformedCode : .malformedResponse)
        }
        login.answer = answer
        if case .integer(let left)? = answer.json?["wrong_answer"]?["attempts_left"] {
            person.say(left == 1 ? .wrongResponseOne : .wrongResponseOther, ["count": "\(left)"])
            if case .integer(let block)? = answer.json?["wrong_answer"]?["next_block_seconds"] {
                person.say(.nextBlock, ["seconds": "\(block)"])
            } else if left == 1 {
                person.say(.nextEnd)
            }
        }
    }

    private func finish(_ login: Login, _ person: Person, _ verifier: String) async throws -> String {
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
        let former = try await self.state.change { state in
            let former = state.refreshToken
            state.userName = user.userName
            state.refreshToken = refresh
            state.device = newDevice ?? state.device
            return former
        }
        if let former { await self.end(former, person) }
        return user.name
    }

    /// Ends the login that this one takes the place of. Its end is no condition of the new one.
    private func end(_ former: String, _ person: Person) async {
        do {
            try await self.endSession(refreshToken: former)
        } catch {
            person.say(.formerNotEnded, ["page": "\(self.server.address.text)/account/sessions"])
        }
    }

    /// Where a PIN must be changed first the server says on which page.
    private func end(_ answer: ServerConnection.Answer) -> LoginEnd {
        let reason = answer.optionalText("reason")
        guard reason == "pin_change_required" else { return LoginEnd(reason: reason) }
        return .pinChangeRequired(page: self.server.address.text + (answer.optionalText("continue_at") ?? "/account"))
    }

    private static func label(_ authenticator: JSONValue, _ person: Person) -> String {
        guard case .string(let label)? = authenticator["label"] else { return person.messages.text(.card) }
        if authenticator["kind"] == "phone_number" { return person.messages.text(.phoneEnding, ["last": label]) }
        return person.messages.text(.cardEnding, ["last": label])
    }
}

/// Who types, and in which language he is asked.
private struct Person {
    let console: Console
    let messages: TerminalMessages

    func say(_ phrase: TerminalPhrase, _ values: KeyValuePairs<String, String> = [:]) {
        self.console.say(self.messages.text(phrase, values))
    }

    func ask(_ phrase: TerminalPhrase) throws(TerminalError) -> String {
        try self.console.ask(self.messages.text(phrase))
    }

    func askSecret(_ phrase: TerminalPhrase) throws(TerminalError) -> String {
        try self.console.askSecret(self.messages.text(phrase))
    }
}
