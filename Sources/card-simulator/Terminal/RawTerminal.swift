// A terminal that hands over each key as it is pressed.

import Foundation
import Synchronization

/// Raw mode, for as long as the closure runs.
enum RawTerminal {
    /// Set by SIGTERM and SIGHUP, so that the terminal is put back in order before the program ends.
    private static let stopped = Atomic(false)

    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    static func run(_ body: () -> Void) {
        var saved = termios()
        guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return body() }
        var raw = saved
        cfmakeraw(&raw)
        self.stopped.store(false, ordering: .relaxed)
        for number in [SIGTERM, SIGHUP] { signal(number) { _ in RawTerminal.stopped.store(true, ordering: .relaxed) } }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        self.write("\u{1B}[?25l")
        body()
        self.write("\u{1B}[?25h\r\n")
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
    }

    /// What came from the keyboard in this time: no byte if nothing did, nil at the end.
    static func read(forMilliseconds wait: Int32) -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = poll(&descriptor, 1, wait)
        if self.stopped.load(ordering: .relaxed) { return nil }
        guard ready > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
