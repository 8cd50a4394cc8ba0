// application/x-www-form-urlencoded (WHATWG URL, section 5), read strictly: forms and query strings.

/// Parses and writes forms. What the WHATWG parser repairs or lets through (repeated names, broken escapes, bytes that
/// are not UTF-8, control characters) is refused here, since two readers of one form would understand it differently.
package enum FormURLEncoded {
    package static let maximumNameLength = 128

    /// - Parameters:
    ///   - bytes: the body of a form, or a query string without its question mark. The caller bounds its length.
    ///   - fields: how many fields a form may have.
    ///   - multiline: the names of the fields whose values may have more than one line.
    package static func parse(
        _ bytes: some Collection<UInt8>, limit fields: Int = 64, multiline: Set<String> = []
    ) throws(FormError) -> FormFields {
        var form = FormFields()
        for part in bytes.lazy.split(separator: UInt8(ascii: "&")) {
            guard form.count < fields else { throw .tooManyFields(limit: fields) }
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try self.name(pair[0], field: form.count + 1)
            try form.append(
                name, pair.count == 2 ? self.value(pair[1], of: name, hasLines: multiline.contains(name)) : "")
        }
        return form
    }

    /// `name=value&…` with everything escaped but letters, digits and `*-._`; a space becomes `+`.
    package static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(self.encode($0))=\(self.encode($1))" }.joined(separator: "&")
    }

    /// One name or value, encoded.
    package static func encode(_ component: String) -> String {
        var output: [UInt8] = []
        for byte in component.utf8 {
            switch byte {
            case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
            case _ where self.isPlain(byte): output.append(byte)
            default: output += [UInt8(ascii: "%"), self.digit(byte >> 4), self.digit(byte & 15)]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// One name or value, decoded by the rules of `parse`; `nil` if they refuse it.
    package static func decode(_ component: some Collection<UInt8>) -> String? {
        try? self.text(component).get()
    }

    private static func name(_ bytes: some Collection<UInt8>, field: Int) throws(FormError) -> String {
        guard case .success(let name) = self.text(bytes), !name.isEmpty else { throw .malformedName(field: field) }
        guard name.utf8.count <= self.maximumNameLength else {
            throw .nameTooLong(field: field, limit: self.maximumNameLength)
        }
        return name
    }

    private static func value(
        _ bytes: some Collection<UInt8>, of name: String, hasLines: Bool
    ) throws(FormError) -> String {
        switch self.text(bytes, hasLines: hasLines) {
        case .success(let value): return value
        case .failure(.malformedEscape): throw .malformedEscape(in: name)
        case .failure(.invalidUTF8): throw .invalidUTF8(in: name)
        case .failure(.controlCharacter): throw .controlCharacter(in: name)
        }
    }
}

extension FormURLEncoded {
    private enum Fault: Error { case malformedEscape, invalidUTF8, controlCharacter }

    private static func text(
        _ bytes: some Collection<UInt8>, hasLines: Bool = false
    ) -> Result<String, Fault> {
        guard let unescaped = self.unescape(bytes) else { return .failure(.malformedEscape) }
        let isRefused = { (byte: UInt8) in
            byte == 0x7F || byte < 0x20 && !(hasLines && (byte == 0x0A || byte == 0x0D))
        }
        guard !unescaped.contains(where: isRefused) else { return .failure(.controlCharacter) }
        // Refuses overlong forms and surrogates too.
        guard let text = String(validating: unescaped, as: UTF8.self) else { return .failure(.invalidUTF8) }
        return .success(text)
    }

    private static func unescape(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): output.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next()?.digitValue, let low = rest.next()?.digitValue else { return nil }
                output.append(high << 4 | low)
            default: output.append(byte)
            }
        }
        return output
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
