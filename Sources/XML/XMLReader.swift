package import Encodings

/// Reads a document in one pass: the root's start tag, then its children one by one, each with all that is in it. Never
/// more than one child is held, so that a document may be of any length.
package struct XMLReader {
    private var input: XMLInput
    private var namespaces = XMLNamespaces()
    private var rootName: XMLQualifiedName?
    private var isOver = false
    /// In the child that is being read.
    private var elements = 0

    package init(_ source: ByteSource) { self.input = XMLInput(source) }

    /// Where the reader stands, from 1.
    package var line: Int { self.input.line }
    /// How many bytes it has read.
    package var offset: Int { self.input.offset }

    /// The root without what is in it. To be called once, first.
    package mutating func root() throws(XMLError) -> XMLElement {
        try self.prolog()
        let tag = try XMLTag(&self.input)
        let element = try tag.element(in: &self.namespaces)
        self.rootName = tag.name
        if tag.isEmpty { try self.epilog() }
        return element
    }

    /// The root's next child; nil after the last, when the document has come to its proper end.
    ///
    /// - Throws: ``XMLError``, also for text between the children.
    package mutating func nextChild() throws(XMLError) -> XMLElement? {
        while !self.isOver {
            try self.input.skipWhiteSpace()
            guard try self.input.next() == UInt8(ascii: "<") else { throw self.input.error(.malformedMarkup) }
            switch try self.input.peek() {
            case UInt8(ascii: "/"):
                try self.endTag(of: self.rootName)
                try self.epilog()
            case UInt8(ascii: "!"): try self.comment()
            case UInt8(ascii: "?"): try self.instruction()
            default:
                self.elements = 0
                return try self.element(depth: 1)
            }
        }
        return nil
    }
}

// What stands around the root (XML 1.0 sections 2.8 and 2.1).
extension XMLReader {
    /// Up to the root's `<`, which is taken.
    private mutating func prolog() throws(XMLError) {
        try self.byteOrderMark()
        var isFirst = true
        while true {
            let hasSpace = try self.input.skipWhiteSpace()
            guard try self.input.peek() != nil else { throw self.input.error(.noRoot) }
            guard try self.input.next() == UInt8(ascii: "<") else { throw self.input.error(.noRoot) }
            switch try self.input.peek() {
            case UInt8(ascii: "!"): try self.comment()
            case UInt8(ascii: "?"): try self.instruction(mayDeclare: isFirst && !hasSpace)
            default: return
            }
            isFirst = false
        }
    }

    /// UTF-8 may begin with one; the two of UTF-16 are told apart from mere rubbish.
    private mutating func byteOrderMark() throws(XMLError) {
        switch try self.input.peek() {
        case 0xEF: try self.input.expect("\u{FEFF}", or: .notUTF8)
        case 0xFE, 0xFF: throw self.input.error(.foreignEncoding)
        default: break
        }
    }

    private mutating func epilog() throws(XMLError) {
        self.isOver = true
        while true {
            try self.input.skipWhiteSpace()
            guard try self.input.peek() != nil else { return }
            guard try self.input.next() == UInt8(ascii: "<") else { throw self.input.error(.contentOutsideRoot) }
            switch try self.input.peek() {
            case UInt8(ascii: "!"): try self.comment()
            case UInt8(ascii: "?"): try self.instruction()
            default: throw self.input.error(.contentOutsideRoot)
            }
        }
    }
}

// What stands inside (section 3).
extension XMLReader {
    /// After the `<`.
    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        self.elements += 1
        guard depth <= XMLLimits.depth else { throw self.input.error(.tooDeep) }
        guard self.elements <= XMLLimits.elements else { throw self.input.error(.tooLong) }
        let mark = self.namespaces.mark
        let tag = try XMLTag(&self.input)
        var element = try tag.element(in: &self.namespaces)
        if !tag.isEmpty { try self.content(of: &element, tag, depth: depth) }
        self.namespaces.leave(mark)
        return element
    }

    private mutating func content(of element: inout XMLElement, _ tag: XMLTag, depth: Int) throws(XMLError) {
        var text: [UInt8] = []
        while true {
            try self.characters(into: &text)
            switch try self.input.peek() {
            case UInt8(ascii: "/"):
                try self.endTag(of: tag.name)
                element.text = try self.input.text(text)
                return
            case UInt8(ascii: "!"): try self.commentOrCDATA(into: &text)
            case UInt8(ascii: "?"): try self.instruction()
            default: element.children.append(try self.element(depth: depth + 1))
            }
        }
    }

    /// Character data up to the next `<`, which is taken.
    private mutating func characters(into text: inout [UInt8]) throws(XMLError) {
        while true {
            let byte = try self.input.next()
            switch byte {
            case UInt8(ascii: "<"): return
            case UInt8(ascii: "&"): text.append(contentsOf: try self.input.reference().utf8)
            case UInt8(ascii: ">") where text.suffix(2).elementsEqual("]]".utf8):
                throw self.input.error(.endOfCDATAInText)
            default: text.append(byte)
            }
            guard text.count <= XMLLimits.text else { throw self.input.error(.tooLong) }
        }
    }

    private mutating func endTag(of name: XMLQualifiedName?) throws(XMLError) {
        try self.input.expect("/")
        guard try self.input.qualifiedName() == name else { throw self.input.error(.unmatchedEndTag) }
        try self.input.skipWhiteSpace()
        try self.input.expect(">")
    }
}

// Comments, sections and instructions (sections 2.5 to 2.7), all after their `<`.
extension XMLReader {
    private mutating func comment() throws(XMLError) {
        try self.input.expect("!")
        try self.refuseDocumentType()
        try self.input.expect("--")
        // Two hyphens end a comment and may not stand in it.
        _ = try self.through("--")
        try self.input.expect(">")
    }

    private mutating func commentOrCDATA(into text: inout [UInt8]) throws(XMLError) {
        try self.input.expect("!")
        try self.refuseDocumentType()
        guard try self.input.take(UInt8(ascii: "[")) else {
            try self.input.expect("--")
            _ = try self.through("--")
            return try self.input.expect(">")
        }
        try self.input.expect("CDATA[")
        text.append(contentsOf: try self.through("]]>"))
        guard text.count <= XMLLimits.text else { throw self.input.error(.tooLong) }
    }

    /// With one would come entities, and files from elsewhere.
    private mutating func refuseDocumentType() throws(XMLError) {
        let next = try self.input.peek()
        if next == UInt8(ascii: "D") || next == UInt8(ascii: "d") { throw self.input.error(.documentType) }
    }

    private mutating func instruction(mayDeclare: Bool = false) throws(XMLError) {
        try self.input.expect("?")
        let name = try self.input.name()
        guard name.lowercased() != "xml" else {
            guard mayDeclare, name == "xml" else { throw self.input.error(.malformedDeclaration) }
            return try self.input.declaration()
        }
        // The target is parted from what follows.
        let text = try self.through("?>")
        guard text.first.map(XMLCharacters.isWhiteSpace) ?? true else { throw self.input.error(.malformedName) }
    }

    /// What stands before `end`, which is taken too; it must be text.
    private mutating func through(_ end: String) throws(XMLError) -> [UInt8] {
        let end = Array(end.utf8)
        var bytes: [UInt8] = []
        while !bytes.suffix(end.count).elementsEqual(end) {
            bytes.append(try self.input.next())
            guard bytes.count <= XMLLimits.text else { throw self.input.error(.tooLong) }
        }
        bytes.removeLast(end.count)
        _ = try self.input.text(bytes)
        return bytes
    }
}
