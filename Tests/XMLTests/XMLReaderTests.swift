import Encodings
import Testing

@testable import XML

@Suite("XML, read")
struct XMLReaderTests {
    /// A document's children, from pieces of `size` bytes.
    static func children(_ text: String, size: Int = 4096) throws -> [XMLElement] {
        try self.children(Array(text.utf8), size: size)
    }

    static func children(_ bytes: [UInt8], size: Int = 4096) throws -> [XMLElement] {
        var rest = bytes[...]
        var reader = XMLReader(
            ByteSource {
                defer { rest = rest.dropFirst(size) }
                return Array(rest.prefix(size))
            })
        var children = [try reader.root()]
        while let child = try reader.nextChild() { children.append(child) }
        return children
    }

    @Test(
        "Text of an element",
        arguments: [
            ("x", "x"), ("", ""), (" x ", " x "), ("a&amp;&lt;&gt;&quot;&apos;b", "a&<>\"'b"),
            ("&#65;&#x42;&#x1F600;", "AB😀"),
            ("<![CDATA[<a>&amp;]]>", "<a>&amp;"), ("1<!-- no -->2", "12"), ("1<?p q?>2", "12"),
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("&#13;", "\r"), ("<![CDATA[]]]]><![CDATA[>]]>", "]]>"), ("é😀", "é😀"), ("]]", "]]"), ("a>b", "a>b"),
        ])
    func text(written: String, read: String) throws {
        let children = try Self.children("<r><a>\(written)</a></r>")
        #expect(children.last?.text.unicodeScalars.elementsEqual(read.unicodeScalars) == true)
        #expect(try Self.children("<r><a>\(written)</a></r>", size: 1) == children)
    }

    @Test("Names, whatever the prefix")
    func names() throws {
        let text = """
            <?xml version='1.0' encoding="utf-8" standalone='yes' ?>
            <!-- before -->
            <a:r xmlns:a="urn:one" xmlns="urn:two" b="1" a:b="2">
              <x xmlns="" y='&quot;\t&#9;'/><a:x xmlns:a="urn:three"><z/></a:x>
              <x xml:lang="en"/>
            </a:r>
            <!-- after --><?and so?>

            """
        let children = try Self.children("\u{FEFF}" + text)
        #expect(
            children.map(\.name) == [
                XMLName("r", in: "urn:one"), XMLName("x"), XMLName("x", in: "urn:three"), XMLName("x", in: "urn:two"),
            ])
        #expect(children.map(\.line) == [3, 4, 4, 5])
        #expect(children[0].attributes.map(\.name) == [XMLName("b"), XMLName("b", in: "urn:one")])
        #expect(children[1].attributes.map(\.value) == ["\" \t"])
        #expect(children[2].children.map(\.name) == [XMLName("z", in: "urn:two")])
        #expect(children[3].attributes.map(\.name.namespace) == ["http://www.w3.org/XML/1998/namespace"])
        #expect(try Self.children(text, size: 1) == children)
    }

    @Test("A document of one empty element") func empty() throws { #expect(try Self.children("<r/>").count == 1) }

    @Test(
        "Refused",
        arguments: [
            ("", .noRoot), (" \n", .noRoot), ("x", .noRoot), ("<!-- only -->", .noRoot), ("<r>", .unexpectedEnd),
            ("<r", .unexpectedEnd), ("<", .unexpectedEnd), ("<r></r", .unexpectedEnd), ("<r><a>", .unexpectedEnd),
            ("<r><a>x", .unexpectedEnd), ("<r a='", .unexpectedEnd), ("<r><!-- ", .unexpectedEnd),
            ("<r><a><![CDATA[", .unexpectedEnd), ("<r></s>", .unmatchedEndTag), ("<r><a></r></a>", .unmatchedEndTag),
            ("<p:r xmlns:p='u' xmlns:q='u'></q:r>", .unmatchedEndTag), ("<r/><s/>", .contentOutsideRoot),
            ("<r/>x", .contentOutsideRoot), ("<r></r></r>", .contentOutsideRoot), ("<r>x</r>", .malformedMarkup),
            ("<r/><![CDATA[x]]>", .malformedMarkup), ("<r a=1/>", .malformedMarkup), ("<r a/>", .malformedMarkup),
            ("<r a='1'b='2'/>", .malformedMarkup), ("<r a='<'/>", .malformedMarkup),
            ("<r><!- x --></r>", .malformedMarkup),
            ("<r><!-- a -- b --></r>", .malformedMarkup), ("<r / >", .malformedMarkup), ("< r/>", .malformedName),
            ("<1/>", .malformedName), ("<-/>", .malformedName), ("<a:b:c/>", .malformedMarkup),
            ("<:a/>", .malformedName),
            ("<\u{212A}ey/>", .malformedName), ("<r\u{E9}/>", .malformedName), ("<r><? x?></r>", .malformedName),
            ("<r a='1' a='2'/>", .duplicateAttribute),
            ("<r xmlns:p='u' xmlns:q='u' p:a='' q:a=''/>", .duplicateAttribute), ("<p:r/>", .undeclaredPrefix),
            ("<r p:a=''/>", .undeclaredPrefix), ("<r><a xmlns:p='u'/><p:b/></r>", .undeclaredPrefix),
            ("<r xmlns:p=''/>", .forbiddenNamespace), ("<r xmlns:xml='u'/>", .forbiddenNamespace),
            ("<r xmlns:xmlns='u'/>", .forbiddenNamespace),
            ("<r xmlns='http://www.w3.org/2000/xmlns/'/>", .forbiddenNamespace),
            ("<r xmlns:\u{6B}='\u{212A}'/>", .forbiddenNamespace), ("<r><a>]]></a></r>", .endOfCDATAInText),
            ("<r><a>&x;</a></r>", .undeclaredEntity), ("<r a='&x;'/>", .undeclaredEntity),
            ("<r><a>&amp</a></r>", .malformedReference),
            ("<r><a>&</a></r>", .malformedReference), ("<r><a>&#;</a></r>", .malformedReference),
            ("<r><a>&#x;</a></r>", .malformedReference), ("<r><a>&#+65;</a></r>", .malformedReference),
            ("<r><a>&#xD800;</a></r>", .malformedReference), ("<r><a>&#x110000;</a></r>", .malformedReference),
            ("<r><a>&#99999999;</a></r>", .malformedReference), ("<r><a>&#0;</a></r>", .controlCharacter),
            ("<r><a>&#xFFFE;</a></r>", .controlCharacter), ("<r><a>\u{0}</a></r>", .controlCharacter),
            ("<r><a>\u{B}</a></r>", .controlCharacter), ("<r><a>\u{FFFF}</a></r>", .controlCharacter),
            ("<r><!-- \u{1} --></r>", .controlCharacter), ("<?xml version='1.1'?><r/>", .malformedDeclaration),
            ("<?xml?><r/>", .malformedDeclaration), (" <?xml version='1.0'?><r/>", .malformedDeclaration),
            ("<r/><?xml version='1.0'?>", .malformedDeclaration), ("<?XML version='1.0'?><r/>", .malformedDeclaration),
            ("<?xml encoding='utf-8'?><r/>", .malformedDeclaration),
            ("<?xml version='1.0' a='b'?><r/>", .malformedDeclaration),
            ("<?xml version='1.0' standalone='maybe'?><r/>", .malformedDeclaration),
            ("<?xml version='1.0' standalone='no' encoding='utf-8'?><r/>", .malformedDeclaration),
            ("<?xml version='1.0' encoding='ISO-8859-1'?><r/>", .foreignEncoding),
            ("<?xml version='1.0' encoding='utf-16'?><r/>", .foreignEncoding),
        ] as [(String, XMLError.Reason)])
    func refused(text: String, reason: XMLError.Reason) throws {
        #expect(try #require(throws: XMLError.self) { try Self.children(text) }.reason == reason)
        #expect(try #require(throws: XMLError.self) { try Self.children(text, size: 1) }.reason == reason)
    }

    @Test(
        "Document types are refused, wherever and whatever they are",
        arguments: [
            "<!DOCTYPE r><r/>", "<!doctype r><r/>", "<!-- x --><!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
            "<!DOCTYPE r [<!ENTITY a 'aaa'><!ENTITY b '&a;&a;'>]><r>&b;</r>", "<r><!DOCTYPE r></r>", "<r/><!DOCTYPE r>",
            "<r><a><!DOCTYPE r></a></r>",
            "<?xml version='1.0'?>\n<!DOCTYPE r [\n<!ENTITY x SYSTEM 'http://x/'>]><r>&x;</r>",
        ])
    func documentType(text: String) throws {
        #expect(try #require(throws: XMLError.self) { try Self.children(text) }.reason == .documentType)
    }

    @Test(
        "Bytes that are no UTF-8",
        arguments: [
            ([0xC3], .notUTF8), ([0xC0, 0x80], .notUTF8), ([0xED, 0xA0, 0x80], .notUTF8),
            ([0xF5, 0x80, 0x80, 0x80], .notUTF8),
            ([0xEF, 0xBF, 0xBE], .controlCharacter),
        ] as [([UInt8], XMLError.Reason)])
    func notUTF8(bytes: [UInt8], reason: XMLError.Reason) throws {
        for (start, end) in [("<r><a>", "</a></r>"), ("<r a='", "'/>"), ("<r><!--", "--></r>"), ("<r><?p ", "?></r>")] {
            let document = Array(start.utf8) + bytes + Array(end.utf8)
            #expect(try #require(throws: XMLError.self) { try Self.children(document) }.reason == reason)
        }
    }

    @Test(
        "UTF-16 is told as what it is", arguments: [[0xFF, 0xFE, 0x3C, 0x00], [0xFE, 0xFF, 0x00, 0x3C]] as [[UInt8]])
    func utf16(bytes: [UInt8]) throws {
        #expect(try #require(throws: XMLError.self) { try Self.children(bytes) }.reason == .foreignEncoding)
    }

    @Test(
        "Bounded, however long the document",
        arguments: [
            ("<r>" + String(repeating: "<a>", count: 100_000), .tooDeep),
            ("<r><a>" + String(repeating: "<b/>", count: 100_000), .tooLong),
            ("<r><a>" + String(repeating: "x", count: 100_000), .tooLong),
            ("<r><a><![CDATA[" + String(repeating: "x", count: 100_000), .tooLong),
            ("<r><!--" + String(repeating: "x", count: 100_000), .tooLong),
            ("<r a='" + String(repeating: "x", count: 5000), .tooLong),
            ("<" + String(repeating: "x", count: 200), .tooLong),
            ("<r " + (0..<70).map { "a\($0)='' " }.joined() + "/>", .tooLong),
        ] as [(String, XMLError.Reason)])
    func bounded(text: String, reason: XMLError.Reason) throws {
        #expect(try #require(throws: XMLError.self) { try Self.children(text) }.reason == reason)
    }

    @Test("Many children are no burden: one is held at a time")
    func many() throws {
        #expect(try Self.children("<r>" + String(repeating: "<a>x</a>\n", count: 20_000) + "</r>").last?.line == 20_000)
    }

    @Test("A source that fails")
    func failing() throws {
        var reader = XMLReader(ByteSource { () throws -> [UInt8] in throw ByteSourceError("no disk") })
        let error = try #require(throws: XMLError.self) { try reader.root() }
        #expect(error == XMLError(line: 1, reason: .unreadable("no disk")))
    }

    @Test("Lines are counted over every kind of line end", arguments: ["\n", "\r", "\r\n"])
    func lines(end: String) throws {
        let error = try #require(throws: XMLError.self) {
            try Self.children("<r>\(end)<a>\(end)</a>\(end)<b></c></r>", size: 1)
        }
        #expect(error.line == 4)
    }
}
