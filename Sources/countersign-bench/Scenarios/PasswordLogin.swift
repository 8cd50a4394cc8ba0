// The first half of a login by page: user name and password.

import Encodings
import Identifiers

/// Asks for an authorization and sends the password form that it leads to. Ends where the card would be asked.
struct PasswordLogin: Conversation {
    private let credentials: BenchData.Credentials
    private let authorize: String
    private var isSent = false

    init(_ data: BenchData, number: Int) {
        self.credentials = data.passwords[number % data.passwords.count]
        let challenge = String(repeating: "A", count: 43)
        self.authorize =
            "/oauth2/authorize?response_type=code&client_id=\(data.clientID)&scope=openid&state=bench-state"
            + "&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&code_challenge=\(challenge)&code_challenge_method=S256"
    }

    mutating func next(after answer: HTTPAnswer?) throws -> HTTPQuestion? {
        guard let answer else {
            self.isSent = false
            return .get(self.authorize)
        }
        // A page instead of a redirect is a refusal.
        guard answer.status == 303, let place = answer.header("location"), place.hasPrefix("/login/") else {
            throw BenchError("the login did not go on: \(answer.status)")
        }
        guard !self.isSent else { return nil }
        self.isSent = true
        return try self.form(place, answer)
    }

    private func form(_ place: String, _ answer: HTTPAnswer) throws -> HTTPQuestion {
        let cookie = (answer.header("set-cookie") ?? "").prefix { $0 != ";" }
        let value = cookie.drop { $0 != "=" }.dropFirst()
        guard let secret = SecretToken(value) else { throw BenchError("the login has no cookie") }
        let body =
            "csrf=\(secret.derived(for: "form"))&username=\(self.credentials.userName)"
            + "&password=\(self.credentials.password)"
        return .post(
            "\(place)/password", "application/x-www-form-urlencoded", body, headers: "Cookie: \(cookie)\r\n")
    }
}
