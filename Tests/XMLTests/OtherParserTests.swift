// The same documents through an independent parser: libxml2, by Foundation. What we take, it must take, and read alike.

import Encodings
import Foundation
import FoundationXML
import Testing
import XML

@Suite("XML, compared with libxml2")
struct OtherParserTests {
    static let seeds = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><p:r xmlns:p=\"urn:p\" a='1' p:a=\"&lt;\"><p:b>x &amp; y</p:b></p:r>",
        "<r xmlns='urn:q'><a b='c\td'>1<![CDATA[<2>]]>3<?pi x?></a>\n<a xmlns=''><b/>&#65;</a><!-- d --></r>\n",
        "<K><V><E><D>MTIz\r\nNA==</D></E><M>a]b&gt;c</M></V><V x=\"\" y=''/></K>",
    ]

    @Test("Whatever is done to them", arguments: 0..<seeds.count)
    func mutations(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<8000 {
            let document = generator.mutated(Array(Self.seeds[seed].utf8), from: "<>/&;!?[]-='\" abx:p#\n\r")
            guard let ours = try? XMLReaderTests.children(document) else { continue }
            accepted += 1
            let theirs = Recorder.record(document)
            let text = String(decoding: document, as: UTF8.self)
            guard let theirs else {
                Issue.record("libxml2 refuses \(text.debugDescription)")
                continue
            }
            #expect(Recorder.text(ours[0], ours.dropFirst()) == theirs, "\(text.debugDescription)")
        }
        #expect(accepted > 200)
    }
}

/// What libxml2 saw, as text: names, and the characters of elements below the root. Not namespaces: Foundation crashes on some
/// documents when it looks them up.
private final class Recorder: NSObject, XMLParserDelegate {
    private var summary = ""
    private var depth = 0

    static func record(_ document: [UInt8]) -> String? {
        let recorder = Recorder()
        let parser = XMLParser(data: Data(document))
        parser.delegate = recorder
        return parser.parse() ? recorder.summary : nil
    }

    static func text(_ root: XML.XMLElement, _ children: ArraySlice<XML.XMLElement>) -> String {
        "<\(root.name.local)>" + children.map(Self.text).joined() + "</>"
    }

    private static func text(_ element: XML.XMLElement) -> String {
        // Text and children may be mixed; their order is not kept, so the text of such elements is left out.
        "<\(element.name.local)>" + (element.children.isEmpty ? element.text : "")
            + element.children.map(Self.text).joined() + "</>"
    }

    private var texts: [String] = []
    private var hasChildren: [Bool] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if !self.hasChildren.isEmpty { self.hasChildren[self.hasChildren.count - 1] = true }
        self.summary += "<\(name.split(separator: ":").last ?? "")>"
        self.texts.append("")
        self.hasChildren.append(false)
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if !self.texts.isEmpty { self.texts[self.texts.count - 1] += text }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        if !self.texts.isEmpty { self.texts[self.texts.count - 1] += String(decoding: block, as: UTF8.self) }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        let (text, hasChildren) = (self.texts.removeLast(), self.hasChildren.removeLast())
        if !hasChildren && !self.texts.isEmpty { self.summary += text }
        self.summary += "</>"
    }
}
