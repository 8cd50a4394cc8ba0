// Strings (RFC 8259 section 7) without surrogates and noncharacters (RFC 7493 section 2.1).

extension JSONParser {
    /// Reads a string; `position` is at its opening quotation mark.
    mutating func string() throws(JSONError) -> String {
        let start = self.position
        self.position += 1
        var scan = Scan()
        var unescaped: [UInt8] = []
        while true {
            let run = try self.plainRun(&scan)
            let end = try self.peek()
            guard end == UInt8(ascii: "\\") else {
                self.position += 1
                // Most strings have no escape: their bytes are copied once, into the string.
                guard scan.escaped else { return try self.checked(self.bytes[run], scan, start) }
                unescaped += self.bytes[run]
                return try self.checked(unescaped[...], scan, start)
            }
            scan.escaped = true
            unescaped += self.bytes[run]
            try self.escape(into: &unescaped, &scan)
        }
    }

    struct Scan {
        var escaped = false
        var beyondASCII = false
    }

    /// The bytes up to the next quotation mark or backslash.
    private mutating func plainRun(_ scan: inout Scan) throws(JSONError) -> Range<Int> {
        let start = self.position
        while self.position < self.bytes.count {
            let byte = self.bytes[self.position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            guard byte >= 0x20 else { throw .controlCharacter(at: self.position) }
            if byte >= 0x80 { scan.beyondASCII = true }
            self.position += 1
        }
        return start..<self.position
    }

    private func checked(_ bytes: ArraySlice<UInt8>, _ scan: Scan, _ start: Int) throws(JSONError) -> String {
        guard scan.beyondASCII else { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8(at: start) }
        guard self.takesNoncharacters || !text.unicodeScalars.contains(where: Self.isNoncharacter) else {
            throw .noncharacter(at: start)
        }
        return text
    }

    private static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value)
    }
}

extension JSONParser {
    private mutating func escape(into output: inout [UInt8], _ scan: inout Scan) throws(JSONError) {
        let start = self.position
        self.position += 1
        let letter = try self.peek()
        self.position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(letter)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try self.unicodeEscape(from: start)
            if !scalar.isASCII { scan.beyondASCII = true }
            output += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        default: throw .malformedEscape(at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try self.fourDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, try self.takeUnicodeEscape() else { throw .loneSurrogate(at: start) }
        let second = try self.fourDigits(from: start)
        let high = UInt32(first - 0xD800) << 10
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + high + UInt32(second - 0xDC00))
        else { throw .loneSurrogate(at: start) }
        return scalar
    }

    /// Whether `\u` is next; takes it.
    private mutating func takeUnicodeEscape() throws(JSONError) -> Bool {
        for byte in "\\u".utf8 {
            guard try self.peek() == byte else { return false }
            self.position += 1
        }
        return true
    }

    private mutating func fourDigits(from start: Int) throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = try self.peek().digitValue else { throw .malformedEscape(at: start) }
            value = value << 4 | UInt16(digit)
            self.position += 1
        }
        return value
    }
}
