internal import ArgumentParser
internal import Encodings
internal import Foundation
internal import TerminalClient

/// `--server URL`, for commands that are clients of a running server.
struct ServerOption: ParsableArguments {
    @Option(help: "The server's address; COUNTERSIGN_SERVER where this is not given.")
    var server = ProcessInfo.processInfo.environment["COUNTERSIGN_SERVER"] ?? "http://localhost:8080"

    /// - Parameter messages: in which language it is said why the command ended.
    func session<Value>(
        _ messages: TerminalMessages = .english, _ body: (TerminalSession) async throws -> Value
    ) async throws -> Value {
        do {
            let address = try ServerAddress(self.server)
            let state = TerminalStateFile(address, environment: ProcessInfo.processInfo.environment)
            return try await ServerConnection.with(address) { server in
                try await body(TerminalSession(server: server, state: state))
            }
        } catch let error as TerminalError {
            Console().say(messages.text(.error, ["sentence": error.words(in: messages)]))
            throw ExitCode(error.exitStatus)
        }
    }

    /// One call of the admin API.
    func call(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        try await self.session { try await $0.call(method, path, body) }
    }
}

/// `--reason TEXT`, which stands in the audit trail.
struct ReasonOption: ParsableArguments {
    @Option(help: "Why; it stands in the audit trail beside your name.")
    var reason: String

    var member: JSONValue.Member { JSONValue.Member("reason", .string(self.reason)) }
}

enum Path {
    /// A text as one component of a path.
    static func component(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }.joined()
    }

    static func query(_ parameters: [(String, String?)]) -> String {
        let given = parameters.compactMap { name, value in value.map { (name, $0) } }
        return given.isEmpty ? "" : "?" + FormURLEncoded.encode(given)
    }
}
