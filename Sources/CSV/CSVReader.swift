package import Encodings

/// Reads the records of a file in one pass. Lines end with LF or CRLF, the last one with or without; a byte order mark at
/// the start is dropped.
package struct CSVReader {
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var line = 1
    private var consumed = 0

    private static let longestField = 4096
    private static let mostFields = 64
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    package init(_ source: ByteSource) { self.source = source }

    /// How many bytes were read so far.
    package var offset: Int { self.consumed + self.position }

    /// The next record; nil at the end. An empty line is refused: something was there, or should be.
    package mutating func next() throws(CSVError) -> CSVRecord? {
        if self.offset == 0 { try self.dropByteOrderMark() }
        guard let first = try self.peek() else { return nil }
        guard first != Self.lineFeed, first != Self.carriageReturn else { throw self.error(.emptyLine) }
        let line = self.line
        var fields: [String] = []
        repeat {
            guard fields.count < Self.mostFields else { throw self.error(.tooLong) }
            fields.append(try self.field())
        } while try self.take(Self.comma)
        try self.endLine()
        return CSVRecord(line: line, fields: fields)
    }

    private mutating func field() throws(CSVError) -> String {
        let isQuoted = try self.take(Self.quote)
        let bytes = isQuoted ? try self.quoted() : try self.unquoted()
        guard let text = String(validating: bytes, as: UTF8.self) else { throw self.error(.notUTF8) }
        return text
    }

    private mutating func unquoted() throws(CSVError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = try self.peek(), ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(byte) {
            guard byte != Self.quote else { throw self.error(.strayQuote) }
            guard byte >= 0x20, byte != 0x7F else { throw self.error(.controlCharacter) }
            try self.append(byte, to: &bytes)
        }
        return bytes
    }

    /// After the opening mark. Two marks stand for one (RFC 4180 section 2.7); line ends may be in it.
    private mutating func quoted() throws(CSVError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = try self.peek() {
            if byte == Self.quote {
                self.position += 1
                guard try self.peek() == Self.quote else { return bytes }
            } else if byte == Self.lineFeed {
                self.line += 1
            } else if byte < 0x20 && byte != Self.carriageReturn || byte == 0x7F {
                throw self.error(.controlCharacter)
            }
            try self.append(byte, to: &bytes)
        }
        throw self.error(.unclosedQuote)
    }

    private mutating func append(_ byte: UInt8, to bytes: inout [UInt8]) throws(CSVError) {
        guard bytes.count < Self.longestField else { throw self.error(.tooLong) }
        bytes.append(byte)
        self.position += 1
    }

    /// At a line's end or the file's. After a closing quotation mark nothing else may stand.
    private mutating func endLine() throws(CSVError) {
        guard let byte = try self.peek() else { return }
        let hasReturn = try self.take(Self.carriageReturn)
        guard try self.take(Self.lineFeed) else {
            throw self.error(hasReturn || byte < 0x20 ? .controlCharacter : .strayQuote)
        }
        self.line += 1
    }

    private mutating func dropByteOrderMark() throws(CSVError) {
        guard try self.peek() == 0xEF else { return }
        for byte: UInt8 in [0xEF, 0xBB, 0xBF] {
            guard try self.take(byte) else { throw self.error(.notUTF8) }
        }
    }

    private func error(_ reason: CSVError.Reason) -> CSVError { CSVError(line: self.line, reason: reason) }

    private mutating func take(_ byte: UInt8) throws(CSVError) -> Bool {
        guard try self.peek() == byte else { return false }
        self.position += 1
        return true
    }

    private mutating func peek() throws(CSVError) -> UInt8? {
        if self.position == self.buffer.count { try self.fill() }
        return self.isAtEnd ? nil : self.buffer[self.position]
    }

    private mutating func fill() throws(CSVError) {
        guard !self.isAtEnd else { return }
        self.consumed += self.buffer.count
        do {
            self.buffer = try self.source.next()
        } catch {
            throw self.error(.unreadable(error.description))
        }
        self.position = 0
        self.isAtEnd = self.buffer.isEmpty
    }
}
