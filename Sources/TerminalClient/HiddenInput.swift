internal import Foundation

/// A terminal that does not show what is typed. Whatever ends or stops the program meanwhile, the shell after it gets a terminal
/// that shows it again.
struct HiddenInput {
    /// What ends the program, or stops it, from the keyboard or from elsewhere.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]

    /// What was done at these signals before. A program that nothing stops, as one behind `nohup`, stays so.
    private let before: [(signal: Int32, action: sigaction)]

    /// - Returns: nil where standard input is no terminal.
    init?() {
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, shown) == 0 else { return nil }
        hidden.pointee = shown.pointee
        hidden.pointee.c_lflag &= ~tcflag_t(ECHO)
        self.before = Self.signals.compactMap { signal in
            var action = sigaction()
            guard sigaction(signal, nil, &action) == 0, !action.isIgnoring else { return nil }
            handle(signal)
            return (signal, action)
        }
        tcsetattr(STDIN_FILENO, TCSAFLUSH, hidden)
    }

    func end() {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, shown)
        for (signal, action) in self.before {
            var action = action
            sigaction(signal, &action, nil)
        }
    }
}

// A signal handler may touch nothing that is made or let go of meanwhile: both are made once, before the first handler.
nonisolated(unsafe) private let shown = UnsafeMutablePointer<termios>.allocate(capacity: 1)
nonisolated(unsafe) private let hidden = UnsafeMutablePointer<termios>.allocate(capacity: 1)

private func handle(_ signal: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
        tcsetattr(STDIN_FILENO, TCSANOW, shown)
        // The handler is gone already, and the signal not held back: this ends the program, or stops it here.
        raise(signal)
        // It was stopped, and goes on.
        tcsetattr(STDIN_FILENO, TCSANOW, hidden)
        handle(signal)
    }
    // SA_RESETHAND is a number too large for Int32 where it is imported from C.
    let resets = Int32(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND))
    action.sa_flags = resets | Int32(SA_NODEFER) | Int32(SA_RESTART)
    sigaction(signal, &action, nil)
}

extension sigaction {
    fileprivate var isIgnoring: Bool {
        unsafeBitCast(self.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
