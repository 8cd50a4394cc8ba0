package import Encodings

/// A login at one server, as a terminal holds it.
package struct TerminalSession: Sendable {
    let server: ServerConnection
    let state: TerminalStateFile

    package static let clientID = "countersign-terminal"
    static let scope = "openid profile offline_access admin"

    package init(server: ServerConnection, state: TerminalStateFile) {
        self.server = server
        self.state = state
    }

    /// A new access token by the refresh token that is kept. It is used up by this, and replaced.
    ///
    /// - Returns: nil when there is none, or the session is over.
    package func refresh() async throws -> String? {
        try await self.state.change { state in
            guard let token = state.refreshToken else { return nil }
            let answer = try await self.server.post(
                "/oauth2/token",
                form: [
                    ("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", Self.clientID),
                ])
            guard answer.isSuccess else {
                // Only the server's own word ends it; a fault of the moment does not.
                guard answer.status == 400 || answer.status == 401 else { throw Self.refusal(answer) }
                state.refreshToken = nil
                return nil
            }
            state.refreshToken = answer.optionalText("refresh_token")
            return try answer.text("access_token")
        }
    }

    /// Calls the admin API as whoever is logged in.
    ///
    /// - Throws: ``TerminalError/notLoggedIn(server:)``, or the server's own refusal.
    package func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        guard let token = try await self.refresh() else {
            throw TerminalError.notLoggedIn(server: self.server.address.text)
        }
        let answer = try await self.server.send(
            method, "/api/v1/admin\(path)", headers: [("Authorization", "Bearer \(token)")], json: body)
        guard answer.isSuccess else { throw Self.refusal(answer) }
        return answer.json ?? .null
    }

    /// Who is logged in.
    package func whoAmI() async throws -> (userName: String, name: String)? {
        guard let token = try await self.refresh() else { return nil }
        return try await self.whoIs(token)
    }

    func whoIs(_ token: String) async throws -> (userName: String, name: String) {
        let answer = try await self.server.send(
            "GET", "/oauth2/userinfo", headers: [("Authorization", "Bearer \(token)")])
        guard answer.isSuccess else { throw Self.refusal(answer) }
        return (try answer.text("preferred_username"), try answer.text("name"))
    }

    /// Ends the session at the server, and forgets it here whatever the server says.
    ///
    /// - Returns: whether there was one.
    package func logOut() async throws -> Bool {
        let token = try await self.refresh()
        let hadOne = token != nil
        if let token {
            _ = try await self.server.send(
                "POST", "/api/v1/session/end", headers: [("Authorization", "Bearer \(token)")], json: [:])
        }
        try await self.state.change { $0.refreshToken = nil }
        return hadOne
    }

    static func refusal(_ answer: ServerConnection.Answer) -> TerminalError {
        let words = answer.optionalText("detail") ?? answer.optionalText("error_description")
        switch answer.status {
        case 429, 503: return .busy
        case 500...: return .fault
        default: return .refused(words ?? "the server refused (\(answer.status))")
        }
    }
}
