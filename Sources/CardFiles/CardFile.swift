package import Encodings
package import PSKC

/// All the cards of one file. It is there only if the whole file was read, every MAC was right and every card is one that
/// can be used.
package struct CardFile: Sendable {
    package let cards: [CardRecord]
    package let format: Format
    /// Whether keys stand in the file for anybody to read. The caller decides whether that is allowed.
    package let isPlain: Bool
    /// Whether there is a signature, which nobody checked.
    package let isSigned: Bool

    package enum Format: Hashable, Sendable {
        case pskc(PSKCProtection)
        case csv
    }

    /// Reads PSKC (RFC 6030), which begins with `<`, or else CSV. docs/card-files.md describes both.
    ///
    /// - Parameters:
    ///   - credential: what opens an encrypted PSKC file; other files need none.
    ///   - progress: called after every 1,000 entries.
    /// - Throws: ``CardFileError`` for the first thing that is wrong.
    package init(
        reading source: ByteSource, with credential: PSKCCredential? = nil,
        progress: (CardFileProgress) -> Void = { _ in }
    ) throws(CardFileError) {
        let start: [UInt8]
        do { start = try source.next() } catch { throw CardFileError(line: 1, .unreadable(error.description)) }
        let whole = ByteSource(start, then: source)
        if Self.isMarkup(start) {
            let document = try Self.document(whole, credential, progress)
            self.cards = try CardsOfPSKC(document).cards
            (self.format, self.isPlain) = (.pskc(document.protection), document.holdsPlainSecrets)
            self.isSigned = document.isSigned
        } else {
            var reader = CardsOfCSV(whole)
            self.cards = try reader.cards(progress)
            (self.format, self.isPlain, self.isSigned) = (.csv, true, false)
        }
    }

    /// Whether the first byte that is no byte order mark or white space opens a tag. UTF-16 is left to the XML reader, which
    /// can say what is wrong.
    private static func isMarkup(_ start: [UInt8]) -> Bool {
        if [[0xFE, 0xFF], [0xFF, 0xFE]].contains(start.prefix(2).map { $0 }) { return true }
        let body = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
        return body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "<")
    }

    private static func document(
        _ source: ByteSource, _ credential: PSKCCredential?, _ progress: (CardFileProgress) -> Void
    ) throws(CardFileError) -> PSKCDocument {
        do {
            return try PSKCDocument(reading: source, with: credential) { step in
                progress(CardFileProgress(entries: step.packages, bytes: step.bytes))
            }
        } catch {
            throw CardFileError(line: error.line, .pskc(error.reason))
        }
    }
}

/// How far the reading has come.
package struct CardFileProgress: Hashable, Sendable {
    package let entries: Int
    package let bytes: Int
}

/// The serial numbers that were met, with their lines.
struct SerialNumbers {
    private var lines: [String: Int] = [:]

    /// A firm keeps its cards by number, whoever made them: no two may have the same.
    mutating func add(_ serial: CardSerial, line: Int) throws(CardFileError) {
        if let first = self.lines.updateValue(line, forKey: serial.text) {
            throw CardFileError(line: line, .card(.duplicateSerial(serial.text, firstLine: first)))
        }
    }
}

extension CardRecord {
    /// Digits, for whoever writes keys by hand; upper case too, as makers do.
    static func key(hexadecimal text: String) -> [UInt8]? { try? Hexadecimal.decode(text.lowercased()) }
}
