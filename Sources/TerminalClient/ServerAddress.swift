// TerminalClient: a person's terminal before a running server: logs in by the login API, keeps what logs in again without
// typing, and calls the admin API. It holds no secret of an application, opens no store, and decides nothing.

/// Where a server is. Passwords go there, so plain http is for this machine alone.
package struct ServerAddress: Hashable, Sendable {
    /// Without a slash at its end.
    package let text: String

    package init(_ text: String) throws(TerminalError) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        let isSecure = text.hasPrefix("https://") && text.count > 8
        let isHere = ["http://localhost", "http://127.0.0.1", "http://[::1]"].contains { here in
            text == here || text.hasPrefix(here + ":")
        }
        guard isSecure || isHere, !text.contains("@"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badAddress(text)
        }
        self.text = text
    }
}

/// Why a terminal command ended without doing what was asked. One sentence, and what to do.
package enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    case badAddress(String)
    case unreachable(server: String, why: String)
    case notLoggedIn(server: String)
    /// The server said no, in its own words.
    case refused(String, hint: String?)
    case unexpectedAnswer(String)
    case stateUnusable(path: String, why: String)
    case loginOver(String)
    case noMoreInput

    package var description: String {
        switch self {
        case .badAddress(let text):
            "\(text) is not the address of a server\n    hint: https://HOST, or http://localhost:PORT on this machine"
        case .unreachable(let server, let why):
            "the server at \(server) cannot be reached (\(why))\n    hint: start it with countersign serve, or name another with --server"
        case .notLoggedIn(let server): "you are not logged in to \(server)\n    hint: countersign login"
        case .refused(let words, let hint): words + (hint.map { "\n    hint: \($0)" } ?? "")
        case .unexpectedAnswer(let what):
            "the server's answer was not understood: \(what)\n    hint: are server and program of the same version?"
        case .stateUnusable(let path, let why): "the file \(path) cannot be used: \(why)"
        case .loginOver(let why): "the login is over: \(why)\n    hint: countersign login starts again"
        case .noMoreInput: "the input ended before the login did\n    hint: countersign login starts again"
        }
    }
}
