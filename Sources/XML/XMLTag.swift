// Start tags: names, attributes, declarations of namespaces (XML 1.0 section 3.1).

/// A name as it is written.
struct XMLQualifiedName: Hashable {
    let prefix: String
    let local: String
}

/// A start tag, before its prefixes are looked up.
struct XMLTag {
    let name: XMLQualifiedName
    let line: Int
    private(set) var attributes: [(name: XMLQualifiedName, value: String)] = []
    private(set) var isEmpty = false

    /// After the `<`.
    init(_ input: inout XMLInput) throws(XMLError) {
        self.line = input.line
        self.name = try input.qualifiedName()
        while true {
            let hasSpace = try input.skipWhiteSpace()
            if try input.take(UInt8(ascii: ">")) { return }
            if try input.take(UInt8(ascii: "/")) {
                try input.expect(">")
                self.isEmpty = true
                return
            }
            guard try input.peek() != nil else { throw input.error(.unexpectedEnd) }
            guard hasSpace else { throw input.error(.malformedMarkup) }
            try self.attribute(&input)
        }
    }

    private mutating func attribute(_ input: inout XMLInput) throws(XMLError) {
        let name = try input.qualifiedName()
        guard !self.attributes.contains(where: { $0.name == name }) else { throw input.error(.duplicateAttribute) }
        guard self.attributes.count < XMLLimits.attributes else { throw input.error(.tooLong) }
        try input.skipWhiteSpace()
        try input.expect("=")
        try input.skipWhiteSpace()
        self.attributes.append((name, try input.attributeValue()))
    }

    /// The element, with its prefixes looked up. What it declares is declared from here on.
    func element(in namespaces: inout XMLNamespaces) throws(XMLError) -> XMLElement {
        for (name, value) in self.attributes where name.isDeclaration {
            guard namespaces.declare(name.prefix.isEmpty ? "" : name.local, as: value) else {
                throw XMLError(line: self.line, reason: .forbiddenNamespace)
            }
        }
        var attributes: [XMLAttribute] = []
        for (name, value) in self.attributes where !name.isDeclaration {
            // An attribute without prefix is in no namespace, whatever the default is (section 6.2 there).
            let resolved = XMLName(
                name.local, in: name.prefix.isEmpty ? "" : try self.namespace(of: name.prefix, in: namespaces))
            guard !attributes.contains(where: { $0.name == resolved }) else {
                throw XMLError(line: self.line, reason: .duplicateAttribute)
            }
            attributes.append(XMLAttribute(name: resolved, value: value))
        }
        let name = XMLName(self.name.local, in: try self.namespace(of: self.name.prefix, in: namespaces))
        return XMLElement(name: name, line: self.line, attributes: attributes)
    }

    private func namespace(of prefix: String, in namespaces: XMLNamespaces) throws(XMLError) -> String {
        guard let namespace = namespaces.namespace(of: prefix) else {
            throw XMLError(line: self.line, reason: .undeclaredPrefix)
        }
        return namespace
    }
}

extension XMLQualifiedName {
    fileprivate var isDeclaration: Bool { self.prefix == "xmlns" || (self.prefix.isEmpty && self.local == "xmlns") }
}

extension XMLInput {
    mutating func qualifiedName() throws(XMLError) -> XMLQualifiedName {
        let first = try self.name()
        guard try self.take(UInt8(ascii: ":")) else { return XMLQualifiedName(prefix: "", local: first) }
        return XMLQualifiedName(prefix: first, local: try self.name())
    }

    /// White space in it becomes spaces (section 3.3.3), but for what a reference names.
    mutating func attributeValue() throws(XMLError) -> String {
        let quote = try self.next()
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw self.error(.malformedMarkup) }
        var value: [UInt8] = []
        while true {
            let byte = try self.next()
            switch byte {
            case quote: return try self.text(value)
            case UInt8(ascii: "<"): throw self.error(.malformedMarkup)
            case UInt8(ascii: "&"): value.append(contentsOf: try self.reference().utf8)
            case 0x09, 0x0A: value.append(0x20)
            default: value.append(byte)
            }
            guard value.count <= XMLLimits.attributeValue else { throw self.error(.tooLong) }
        }
    }

    func text(_ bytes: [UInt8]) throws(XMLError) -> String {
        switch XMLCharacters.text(bytes) {
        case .success(let text): return text
        case .failure(.notUTF8): throw self.error(.notUTF8)
        case .failure(.forbidden): throw self.error(.controlCharacter)
        }
    }
}
