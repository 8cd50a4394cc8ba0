// Numbers (RFC 8259 section 6); integers within what every reader holds exactly (RFC 7493 section 2.2).

extension JSONParser {
    private static let largestInteger: Int64 = 1 << 53 - 1

    mutating func number() throws(JSONError) -> JSONValue {
        let start = self.position
        let negative = self.take(UInt8(ascii: "-"))
        let digits = try self.digits(of: start)
        guard digits.count == 1 || self.bytes[digits.lowerBound] != UInt8(ascii: "0") else {
            throw .malformedNumber(at: start)  // leading zero
        }
        guard try self.fractionOrExponent(of: start) else { return try self.integer(digits, negative, start) }
        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        guard let double = Double(text), double.isFinite else { throw .numberOutOfRange(at: start) }
        return .double(double)
    }

    private func integer(_ digits: Range<Int>, _ negative: Bool, _ start: Int) throws(JSONError) -> JSONValue {
        guard digits.count <= 16 else { throw .numberOutOfRange(at: start) }
        let value = self.bytes[digits].reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        guard value <= Self.largestInteger else { throw .numberOutOfRange(at: start) }
        return .integer(negative ? -value : value)
    }

    private mutating func fractionOrExponent(of start: Int) throws(JSONError) -> Bool {
        let fraction = self.take(UInt8(ascii: "."))
        if fraction { _ = try self.digits(of: start) }
        guard self.take(UInt8(ascii: "e")) || self.take(UInt8(ascii: "E")) else { return fraction }
        if !self.take(UInt8(ascii: "+")) { _ = self.take(UInt8(ascii: "-")) }
        _ = try self.digits(of: start)
        return true
    }

    private mutating func digits(of start: Int) throws(JSONError) -> Range<Int> {
        let first = self.position
        while self.position < self.bytes.count, 0x30...0x39 ~= self.bytes[self.position] { self.position += 1 }
        guard self.position > first else { throw .malformedNumber(at: start) }
        return first..<self.position
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.position < self.bytes.count, self.bytes[self.position] == byte else { return false }
        self.position += 1
        return true
    }
}
