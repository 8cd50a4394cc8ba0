import Encodings
import Testing

@testable import TerminalClient

@Suite("What a server says, at a terminal")
struct PrintableTests {
    @Test("Nothing in it moves the cursor, wherever it stands")
    func printable() throws {
        let said: JSONValue = [
            "detail": "\u{1B}]52;c;eA==\u{7}", "names": ["a\u{9B}2J", "陳大文"], "\u{1B}": [["x\ty\u{7F}"]],
            "address": "1 Road\nHong Kong", "count": 7, "on": true, "none": .null,
        ]
        #expect(
            said.printable == [
                "detail": "\u{FFFD}]52;c;eA==\u{FFFD}", "names": ["a\u{FFFD}2J", "陳大文"],
                "\u{FFFD}": [["x\u{FFFD}y\u{FFFD}"]], "address": "1 Road\nHong Kong", "count": 7, "on": true,
                "none": .null,
            ])
    }
}
