import HTTPEdge
import Testing

@testable import WebUI

@Suite("The sentences of the pages")
struct CatalogueTests {
    let english: Messages
    let chinese: Messages

    init() throws {
        self.english = try Messages(.english)
        self.chinese = try Messages(.traditionalChinese)
    }

    @Test("Both catalogues have every sentence, and no other")
    func complete() {
        #expect(self.english.keys.count > 600)
        #expect(self.english.keys.subtracting(self.chinese.keys).sorted() == [])
        #expect(self.chinese.keys.subtracting(self.english.keys).sorted() == [])
    }

    @Test("None is empty, and both fill in the same places")
    func places() {
        for key in self.english.keys.sorted() {
            let texts = [self.english, self.chinese].map { $0.text(key) }
            #expect(!texts.contains { $0.isEmpty || $0 == key }, "\(key)")
            let places = texts.map { Set($0.matches(of: #/\{[a-z_]+\}/#).map { String($0.output) }) }
            #expect(places[0] == places[1], "\(key)")
        }
    }

    @Test("What the pages name is there", arguments: PageLibrary.files.map(\.name))
    func named(page: String) throws {
        let bytes = try #require(PageLibrary.files.first { $0.name == page }?.bytes)
        let tags = String(decoding: bytes, as: UTF8.self).matches(of: #/\{\{[#^/&{]?\s*t\.([a-z0-9_.]+)/#)
        for key in tags.map({ String($0.output.1) }) {
            let has = self.english.has(key) && self.chinese.has(key)
            #expect(has, "\(key)")
        }
    }
}
