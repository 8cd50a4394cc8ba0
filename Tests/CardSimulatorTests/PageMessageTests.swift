import Languages
import Testing

@testable import card_simulator

@Suite("The languages of the page")
struct PageMessageTests {
    @Test("No message is missing or empty", arguments: Language.allCases, PageMessage.allCases)
    func complete(language: Language, message: PageMessage) {
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

    @Test("Arguments stand where they belong")
    func arguments() {
        #expect(PageMessage.displayPIN.text(in: .english, "2", "4") == "PIN: 2 of 4 digits")
        #expect(PageMessage.displayPIN.text(in: .traditionalChinese, "2", "4") == "PIN：已輸入 2 個數字，共 4 個")
    }
}
