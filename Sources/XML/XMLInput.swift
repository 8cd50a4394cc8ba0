internal import Encodings

/// The bytes of a document, one at a time, with the line that they are on. Every end of line is a line feed
/// (XML 1.0 section 2.11).
struct XMLInput {
    private let source: ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private(set) var line = 1
    /// Of the pieces that are used up.
    private var consumed = 0

    init(_ source: ByteSource) { self.source = source }

    /// How many bytes were read so far.
    var offset: Int { self.consumed + self.position }

    func error(_ reason: XMLError.Reason) -> XMLError { XMLError(line: self.line, reason: reason) }

    /// The next byte, which stays; nil at the end.
    mutating func peek() throws(XMLError) -> UInt8? {
        if self.position == self.buffer.count { try self.fill() }
        return self.isAtEnd ? nil : self.normalized(self.buffer[self.position])
    }

    /// Takes the next byte.
    mutating func next() throws(XMLError) -> UInt8 {
        if self.position == self.buffer.count { try self.fill() }
        guard !self.isAtEnd else { throw self.error(.unexpectedEnd) }
        let byte = self.buffer[self.position]
        self.position += 1
        if byte >= 0x20 { return byte }
        return try self.control(byte)
    }

    private mutating func control(_ byte: UInt8) throws(XMLError) -> UInt8 {
        switch byte {
        case 0x09: return byte
        case 0x0D:
            if try self.peek() == 0x0A, self.buffer[self.position] == 0x0A { self.position += 1 }
            self.line += 1
            return 0x0A
        case 0x0A:
            self.line += 1
            return byte
        default: throw self.error(.controlCharacter)
        }
    }

    private func normalized(_ byte: UInt8) -> UInt8 { byte == 0x0D ? 0x0A : byte }

    private mutating func fill() throws(XMLError) {
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

extension XMLInput {
    /// Takes the byte if it is this one.
    mutating func take(_ byte: UInt8) throws(XMLError) -> Bool {
        guard try self.peek() == byte else { return false }
        _ = try self.next()
        return true
    }

    mutating func expect(_ word: StaticString, or reason: XMLError.Reason = .malformedMarkup) throws(XMLError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard try self.next() == word.utf8Start[offset] else { throw self.error(reason) }
        }
    }

    /// - Returns: whether there was any.
    @discardableResult
    mutating func skipWhiteSpace() throws(XMLError) -> Bool {
        var any = false
        while let byte = try self.peek(), XMLCharacters.isWhiteSpace(byte) {
            _ = try self.next()
            any = true
        }
        return any
    }

    /// A name without colon (Namespaces in XML section 3), in ASCII: Swift compares strings by canonical equivalence, so
    /// that a Kelvin sign would pass for a K.
    mutating func name() throws(XMLError) -> String {
        guard let first = try self.peek() else { throw self.error(.unexpectedEnd) }
        guard XMLCharacters.startsName(first) else { throw self.error(.malformedName) }
        var name: [UInt8] = []
        while let byte = try self.peek(), XMLCharacters.isInName(byte) {
            name.append(try self.next())
            guard name.count <= XMLLimits.name else { throw self.error(.tooLong) }
        }
        if let byte = try self.peek(), byte >= 0x80 { throw self.error(.malformedName) }
        return String(decoding: name, as: UTF8.self)
    }
}
