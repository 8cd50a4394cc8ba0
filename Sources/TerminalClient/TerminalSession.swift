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
            let answer = try await self.redeem(token)
            state.refreshToken = answer?.optionalText("refresh_token")
            return try answer?.text("access_token")
        }
    }

    /// - Returns: nil when the session of the refresh token is over.
    private func redeem(_ token: String) async throws -> ServerConnection.Answer? {
        let answer = try await self.server.post(
            "/oauth2/token",
            form: [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", Self.clientID)])
        guard answer.isSuccess else {
            // Only the server's own word ends it; a fault of the moment does not.
            guard answer.status == 400 || answer.status == 401 else { throw Self.refusal(answer) }
            return nil
        }
        return answer
    }

    /// Calls the admin API as whoever is logged in.
    ///
    /// - Throws: ``TerminalError/notLoggedIn(server:)``, or the server's own refusal.
    package func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, within time: Duration = ServerConnection.usually
    ) async throws -> JSONValue {
        guard let token = try await self.refresh() else {
            throw TerminalError.notLoggedIn(server: self.server.address.text)
        }
        let answer = try await self.server.send(
            method, "/api/v1/admin\(path)", headers: [("Authorization", "Bearer \(token)")], json: body, within: time)
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

    /// Ends the session at the server, and then forgets it here. One that the server did not end is kept, so that it can be
    /// ended later.
    ///
    /// - Returns: whether there was one.
    /// - Throws: ``TerminalError/notLoggedOut(_:)``
    package func logOut() async throws -> Bool {
        do {
            guard let token = try await self.refresh() else { return false }
            try await self.endSession(accessToken: token)
        } catch let error as TerminalError {
            throw TerminalError.notLoggedOut(error)
        }
        try await self.state.change { $0.refreshToken = nil }
        return true
    }

    func endSession(refreshToken: String) async throws {
        guard let answer = try await self.redeem(refreshToken) else { return }
        try await self.endSession(accessToken: try answer.text("access_token"))
    }

    private func endSession(accessToken: String) async throws {
        let answer = try await self.server.send(
            "POST", "/api/v1/session/end", headers: [("Authorization", "Bearer \(accessToken)")], json: [:])
        // 401: it has ended meanwhile.
        guard answer.isSuccess || answer.status == 401 else { throw Self.refusal(answer) }
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
