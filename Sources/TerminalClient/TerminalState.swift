internal import Encodings
internal import Foundation
internal import PrivateFiles

/// What a terminal keeps of a login, in a file of its user alone: the refresh token, and what makes it known here.
package struct TerminalState: Sendable {
    package var userName: String?
    var refreshToken: String?
    var device: String?
}

/// The file of one server in the user's state folder (XDG Base Directory: `$XDG_STATE_HOME/countersign`), mode 0600.
package struct TerminalStateFile: Sendable {
    package let path: String
    private let folder: String

    /// - Parameter environment: the process's.
    package init(_ server: ServerAddress, environment: [String: String]) {
        let home = environment["HOME"] ?? NSHomeDirectory()
        let base = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state"
        self.folder = "\(base)/countersign"
        let name = server.text.map { $0.isLetter || $0.isNumber || $0 == "." ? String($0) : "_" }.joined()
        self.path = "\(self.folder)/\(name).json"
    }

    /// Reads the state, lets the body change it, and writes it back, while no other command of this user does: of two that
    /// used one refresh token, one would look like a thief.
    package func change<Value>(_ body: (inout TerminalState) async throws -> Value) async throws -> Value {
        let lock = try self.lock()
        defer { close(lock) }
        var state = try self.read()
        do {
            let value = try await body(&state)
            try self.write(state)
            return value
        } catch {
            try self.write(state)
            throw error
        }
    }

    package func read() throws(TerminalError) -> TerminalState {
        guard let data = FileManager.default.contents(atPath: self.path), !data.isEmpty else { return TerminalState() }
        guard let json = try? JSONValue(parsing: Array(data)) else {
            throw .stateUnusable(path: self.path, why: .damaged)
        }
        func text(_ name: String) -> String? { if case .string(let text)? = json[name] { text } else { nil } }
        return TerminalState(userName: text("username"), refreshToken: text("refresh_token"), device: text("device"))
    }

    private func write(_ state: TerminalState) throws(TerminalError) {
        let json = JSONValue.object(omittingAbsent: [
            "username": state.userName.map(JSONValue.string),
            "refresh_token": state.refreshToken.map(JSONValue.string), "device": state.device.map(JSONValue.string),
        ])
        do {
            try PrivateFile(self.path).replace(with: json.encoded())
        } catch {
            throw .stateUnusable(path: self.path, why: .unwritable)
        }
    }

    private func lock() throws(TerminalError) -> Int32 {
        try? FileManager.default.createDirectory(
            atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open("\(self.path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            throw .stateUnusable(path: self.path, why: .folderUnwritable)
        }
        return descriptor
    }
}
