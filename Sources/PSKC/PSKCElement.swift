internal import Encodings
internal import Time
internal import XML

/// Takes an element apart by name, in any order, and refuses what was not taken.
struct PSKCElement {
    let name: String
    let line: Int
    private let element: XMLElement
    private var children: [XMLElement]
    private var attributes: [XMLAttribute]

    init(_ element: XMLElement) {
        self.element = element
        self.name = element.name.local
        self.line = element.line
        self.children = element.children
        self.attributes = element.attributes
    }

    func error(_ reason: PSKCError.Reason) -> PSKCError { PSKCError(line: self.line, reason: reason) }

    /// The only child of this name.
    mutating func take(_ name: String, in namespaces: [String] = [PSKCNamespace.pskc]) throws(PSKCError) -> PSKCElement?
    {
        let all = self.takeAll(name, in: namespaces)
        guard all.count <= 1 else { throw all[1].error(.repeatedElement(name)) }
        return all.first
    }

    mutating func require(
        _ name: String, in namespaces: [String] = [PSKCNamespace.pskc]
    ) throws(PSKCError) -> PSKCElement {
        guard let child = try self.take(name, in: namespaces) else { throw self.error(.missingElement(name)) }
        return child
    }

    mutating func takeAll(_ name: String, in namespaces: [String] = [PSKCNamespace.pskc]) -> [PSKCElement] {
        var taken: [PSKCElement] = []
        self.children.removeAll { child in
            guard child.name.local == name, namespaces.contains(child.name.namespace) else { return false }
            taken.append(PSKCElement(child))
            return true
        }
        return taken
    }

    mutating func attribute(_ name: String) -> String? {
        guard let index = self.attributes.firstIndex(where: { $0.name == XMLName(name) }) else { return nil }
        return self.attributes.remove(at: index).value
    }

    /// Extensions are for others (section 9). What must not be ignored stands in a policy, and there it is refused.
    mutating func skipExtensions() { _ = self.takeAll("Extensions") }

    /// Refuses what is left. Attributes of other namespaces extend the format (section 9) and are passed over.
    func finish() throws(PSKCError) {
        if let child = self.children.first {
            throw PSKCError(line: child.line, reason: .unexpectedElement(child.name.local))
        }
        if let attribute = self.attributes.first(where: { $0.name.namespace.isEmpty }) {
            throw self.error(.unexpectedAttribute(attribute.name.local))
        }
        guard !self.element.hasText else { throw self.error(.strayText(self.name)) }
    }

    /// Refuses what is left, as something that the recipient did not understand (section 5).
    func finishPolicy() throws(PSKCError) {
        if let child = self.children.first {
            throw PSKCError(line: child.line, reason: .unknownPolicy(child.name.local))
        }
        if let attribute = self.attributes.first { throw self.error(.unknownPolicy(attribute.name.local)) }
        guard !self.element.hasText else { throw self.error(.strayText(self.name)) }
    }
}

// Elements that hold a value.
extension PSKCElement {
    /// What stands in it, without the white space around.
    private func content() throws(PSKCError) -> Substring {
        if let child = self.children.first {
            throw PSKCError(line: child.line, reason: .unexpectedElement(child.name.local))
        }
        if let attribute = self.attributes.first(where: { $0.name.namespace.isEmpty }) {
            throw self.error(.unexpectedAttribute(attribute.name.local))
        }
        let isSpace = { (scalar: Unicode.Scalar) in [" ", "\t", "\n", "\r"].contains(scalar) }
        let scalars = self.element.text.unicodeScalars.drop(while: isSpace)
        guard let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return Substring(scalars[...last])
    }

    /// A line of text, of at most 256 bytes. What nobody sees is refused: it would be shown to people.
    func text() throws(PSKCError) -> String {
        let text = try self.content()
        guard !text.isEmpty, text.utf8.count <= 256, VisibleText.isVisible(text) else {
            throw self.error(.malformed(self.name))
        }
        return String(text)
    }

    /// nil for an element that is empty.
    func optionalText() throws(PSKCError) -> String? {
        try self.content().isEmpty ? nil : self.text()
    }

    /// xs:base64Binary: white space is allowed anywhere, the rest is strict.
    func bytes() throws(PSKCError) -> [UInt8] {
        let text = String(decoding: try self.content().utf8.filter { $0 > 0x20 }, as: UTF8.self)
        guard !text.isEmpty, let bytes = try? Base64.decode(text) else { throw self.error(.malformed(self.name)) }
        return bytes
    }

    func number() throws(PSKCError) -> Int64 {
        guard let number = Self.number(try self.content()) else { throw self.error(.malformed(self.name)) }
        return number
    }

    /// `Int64.init` also takes "+6".
    static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") } ? Int64(text) : nil
    }

    func dateTime() throws(PSKCError) -> Instant {
        guard let instant = Instant(dateTime: try self.content()) else { throw self.error(.malformed(self.name)) }
        return instant
    }
}

// Attributes that hold a value.
extension PSKCElement {
    mutating func count(_ name: String) throws(PSKCError) -> Int? {
        guard let text = self.attribute(name) else { return nil }
        guard let number = Self.number(text[...]), (0...65_535).contains(number) else {
            throw self.error(.malformed(name))
        }
        return Int(number)
    }

    mutating func flag(_ name: String) throws(PSKCError) -> Bool? {
        switch self.attribute(name) {
        case nil: nil
        case "true", "1": true
        case "false", "0": false
        default: throw self.error(.malformed(name))
        }
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, or reason: PSKCError.Reason
    ) throws(PSKCError) -> Choice? where Choice.RawValue == String {
        guard let text = self.attribute(name) else { return nil }
        guard let choice = Choice(exactly: text) else { throw self.error(reason) }
        return choice
    }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// By bytes: `==` of strings is canonical equivalence, under which a Kelvin sign is a K.
    init?(exactly text: some StringProtocol) {
        guard let choice = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) }) else { return nil }
        self = choice
    }
}
