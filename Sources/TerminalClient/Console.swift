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
        guard let hidden = HiddenInput() else { return try self.ask(question) }
        defer {
            hidden.end()
            self.say("")
        }
        return try self.ask(question)
    }
}
