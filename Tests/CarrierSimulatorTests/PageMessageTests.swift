import Testing
import Time

@testable import CarrierSimulator

@Suite("The languages of the pages")
struct PageMessageTests {
    @Test("No message is missing or empty", arguments: PageLanguage.allCases, PageMessage.allCases)
    func complete(language: PageLanguage, message: PageMessage) {
        #expect(PageMessage.table(of: language)[message]?.isEmpty == false)
    }

    @Test("Both languages fill in the same places", arguments: PageMessage.allCases)
    func places(message: PageMessage) throws {
        for place in ["{0}", "{1}"] {
            let english = try #require(PageMessage.table(of: .english)[message])
            let chinese = try #require(PageMessage.table(of: .traditionalChinese)[message])
            #expect(english.contains(place) == chinese.contains(place))
        }
    }

    @Test("Templates name only messages that there are, and take no markup unescaped")
    func templates() {
        for (name, bytes) in PageRenderer.templates {
            let template = String(decoding: bytes, as: UTF8.self)
            for part in template.split(separator: "{{text.").dropFirst() {
                let key = String(part.prefix { $0 != "}" })
                #expect(PageMessage(rawValue: key) != nil, "\(name): text.\(key)")
            }
            #expect(!template.contains("{{{"))
            #expect(!template.contains("{{&"))
        }
    }

    @Test(
        "Delays as a form writes them",
        arguments: [
            ("0", 0), ("1.5", 1500), ("0.25", 250), ("3600", 3_600_000), ("0.001", 1), ("-1", nil), ("1.2345", nil),
            ("1.", nil), (".5", nil), ("", nil), ("1e3", nil), ("12345", nil), ("１", nil),
        ] as [(String, Int64?)])
    func delays(text: String, milliseconds: Int64?) {
        #expect(Span(inSeconds: text)?.milliseconds == milliseconds)
        if let span = Span(inSeconds: text) { #expect(Span(inSeconds: span.inSeconds) == span) }
    }

    @Test(
        "The language that a browser asks for",
        arguments: [
            (nil, .english), ("en-GB", .english), ("fr", .english), ("zh-HK", .traditionalChinese),
            ("fr, zh-TW;q=0.8, en;q=0.7", .traditionalChinese), ("zh;q=0, en;q=0.1", .english),
        ] as [(String?, PageLanguage)])
    func accepted(header: String?, expected: PageLanguage) { #expect(PageLanguage(accepting: header) == expected) }
}
