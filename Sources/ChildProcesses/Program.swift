// ChildProcesses: starts a program, waits for it, and ends it. It is no shell, and knows no program.

/// A program as it is to be started. What is not given here, it does not get: no variable, no open file.
package struct Program: Sendable {
    /// From the root: nothing is searched for.
    package var path: String
    /// Anybody on the machine can read these while it runs: never a secret.
    package var arguments: [String]
    package var environment: [String: String]
    package var input: MemoryFile?
    package var output: MemoryFile?
    package var errors: MemoryFile?
    /// Open in the program as `/proc/self/fd/3` and up, in this order: see ``childPath(ofFile:)``.
    package var files: [MemoryFile]

    package init(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], input: MemoryFile? = nil,
        output: MemoryFile? = nil, errors: MemoryFile? = nil, files: [MemoryFile] = []
    ) {
        (self.path, self.arguments, self.environment) = (path, arguments, environment)
        (self.input, self.output, self.errors, self.files) = (input, output, errors, files)
    }

    /// What the program calls one of its ``files``.
    package static func childPath(ofFile index: Int) -> String { "/proc/self/fd/\(index + 3)" }
}

/// Why a program did not run, or not well. It carries the program's path, never what it was told or what it said.
package enum ChildProcessError: Error, Hashable, Sendable {
    /// There is no such program, or it may not be run.
    case notFound(String)
    case notStarted(String, errno: Int32)
    case failed(String, ExitStatus)
    case tookTooLong(String)
    case wroteTooMuch(String)
    case noMemory(errno: Int32)
}

package enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
}
