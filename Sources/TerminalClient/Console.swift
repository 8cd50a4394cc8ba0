internal import Foundation

/// The person at the terminal: what is asked goes to standard error, so that standard output holds results alone.
package struct Console: Sendable {
    package init() {}

    package func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

    /// Asks, and reads a line.
    ///
    /// - Throws: ``TerminalError/noMoreInput``.
    package func ask(_ question: String) throws(TerminalError) -> String {
        FileHandle.standardError.write(Data(question.utf8))
        guard let line = readLine() else { throw .noMoreInput }
        return line
    }

    /// The same without showing what is typed.
    package func askSecret(_ question: String) throws(TerminalError) -> String {
        var settings = termios()
        guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return try self.ask(question) }
        let before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            var restored = before
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
            self.say("")
        }
        return try self.ask(question)
    }
}
