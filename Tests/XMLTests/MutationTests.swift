import TestSupport
import Testing

@testable import XML

@Suite("XML, damaged at random")
struct MutationTests {
    static let seeds = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:r xmlns:p=\"urn:p\" a='1' p:a=\"&lt;\"><p:b>x &amp; y</p:b></p:r>",
        "<r xmlns='urn:q'><a b='c\td'>1<![CDATA[<2>]]>3<?pi x?></a>\n<a xmlns=''><b/>&#65;</a><!-- d --></r>\n",
        "<K><V><E><D>MTIz\r\nNA==</D></E><M>a]b&gt;c</M></V><V x=\"\" y=''/></K>",
    ]

    @Test("It is read or refused, and in pieces of one byte no otherwise", arguments: 0..<seeds.count)
    func mutations(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var (accepted, refused) = (0, 0)
        for _ in 0..<3000 {
            let document = generator.mutated(Array(Self.seeds[seed].utf8), from: "<>/&;!?[]-='\" abx:p#\n\r")
            let whole = Result { try XMLReaderTests.children(document) }
            let pieces = Result { try XMLReaderTests.children(document, size: 1) }
            switch (whole, pieces) {
            case (.success(let one), .success(let other)):
                accepted += 1
                #expect(one == other)
            case (.failure(let one), .failure(let other)):
                refused += 1
                #expect(one as? XMLError == other as? XMLError)
            default: Issue.record("\(String(decoding: document, as: UTF8.self).debugDescription)")
            }
        }
        #expect(accepted > 100 && refused > 100)
    }
}
