// Running a program to its end.

import Foundation

/// A program that has ended, with what it printed.
package struct Command {
    package let status: Int32
    package let output: String

    package init(_ arguments: [String]) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.runWithSignals()
        self.output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        self.status = process.terminationStatus
    }

    /// Throws what the program printed if it did not succeed.
    package static func run(_ arguments: [String]) throws {
        let command = try Command(arguments)
        guard command.status == 0 else { throw PostgresClusterError(description: command.output) }
    }
}

extension Process {
    /// Starts the program with no signal blocked. It inherits the mask of the thread that starts it, and the threads that
    /// run tests block nearly all: a shell would never hear that its children have ended.
    func runWithSignals() throws {
        var none = sigset_t()
        var previous = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        try self.run()
    }
}
