internal import Foundation

/// Ctrl-C at a moment when the server goes on all the same: it ends the program, and says so.
enum Interruption {
    /// - Parameter sentence: on standard error, with its line breaks.
    static func saying<Value>(_ sentence: StaticString, while work: () async throws -> Value) async rethrows -> Value {
        said = sentence
        var (action, before) = (sigaction(), sigaction())
        action.__sigaction_handler.sa_handler = { signal in
            _ = write(STDERR_FILENO, said.utf8Start, said.utf8CodeUnitCount)
            Foundation.signal(signal, SIG_DFL)
            raise(signal)
        }
        sigaction(SIGINT, nil, &before)
        // Whoever started us so that Ctrl-C does nothing is heeded.
        let isIgnored =
            unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        if !isIgnored { sigaction(SIGINT, &action, nil) }
        defer { sigaction(SIGINT, &before, nil) }
        return try await work()
    }
}

/// For the signal handler, which may touch nothing that is made or let go of meanwhile.
nonisolated(unsafe) private var said: StaticString = ""
