import CarrierGuidance
import Foundation
import TestSupport
import Testing

@Suite("Guidance for a country")
struct GuidanceLibraryTests {
    private static let shipped = Result { try GuidanceLibrary() }

    private static func guidance(_ region: String, _ language: String) throws -> Guidance {
        try Self.shipped.get().guidance(for: region, language: language, sender: "#ACME", firm: "Acme Brokers")
    }

    @Test(
        "The file of the country, of those that it goes with, or the general one",
        arguments: [
            ("US", "US"), ("CA", "CA"), ("GB", "GB"), ("IN", "IN"), ("CN", "CN"), ("HK", "HK"), ("TW", "TW"),
            ("SG", "SG"), ("JP", "JP"), ("AU", "AU"), ("hk", "HK"),
            ("DE", "EU"), ("FR", "EU"), ("IE", "EU"), ("ES", "EU"), ("HR", "EU"), ("RE", "EU"), ("NO", "EU"),
            ("JE", "GB"), ("PR", "US"), ("CX", "AU"),
            ("CH", "GENERAL"), ("MO", "GENERAL"), ("BR", "GENERAL"), ("ZZ", "GENERAL"), ("", "GENERAL"),
            ("../hk", "GENERAL"), ("GENERAL", "GENERAL"),
        ])
    func area(region: String, area: String) throws {
        for language in ["en", "zh-Hant"] { #expect(try Self.guidance(region, language).area == area) }
    }

    @Test("All 27 members of the European Union have its file")
    func union() throws {
        let members = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(
            separator: " ")
        #expect(members.count == 27)
        for member in members { #expect(try Self.guidance(String(member), "en").area == "EU", "\(member)") }
    }

    @Test(
        "The language",
        arguments: [
            ("en", false), ("en-GB", false), ("fr", false), ("", false), ("zh-Hant", true), ("zh-CN", true),
            ("ZH", true), ("yue-Hant", true),
        ])
    func language(tag: String, isChinese: Bool) throws {
        let title = try Self.guidance("HK", tag).title
        #expect(title == (isChinese ? "香港的短訊" : "Text messages in Hong Kong"))
    }

    @Test("Every file that is shipped is whole, filled in, dated, and in its language")
    func shipped() throws {
        let files = try Self.shipped.get().files
        #expect(files.count == 24)
        for file in files {
            let parts = file.split(separator: ".").map(String.init)
            let guidance = try Self.guidance(parts[0], parts[1])
            let text = ([guidance.title] + guidance.sections.flatMap { [$0.heading] + $0.items }).joined(
                separator: "\n")
            #expect(guidance.area == parts[0].uppercased(), "\(file)")
            #expect(guidance.sections.map(\.kind) == [.reasons, .steps, .contact, .words], "\(file)")
            #expect(guidance.sections.allSatisfy { (1...8).contains($0.items.count) }, "\(file)")
            #expect(guidance.checked == "2026-11" && !guidance.sources.isEmpty, "\(file)")
            #expect(text.contains("#ACME") && text.contains("Acme Brokers") && !text.contains("{"), "\(file)")
            let chinese = text.unicodeScalars.filter { 0x4E00...0x9FFF ~= $0.value }.count
            #expect((Double(chinese) / Double(text.unicodeScalars.count) > 0.3) == (parts[1] == "zh-Hant"), "\(file)")
        }
    }

    @Test(
        "What each country's users need to know stands there",
        arguments: [
            ("US", ["10DLC", "STOP", "START", "7726", "611", "AT&T", "T-Mobile", "Verizon"]),
            ("CA", ["STOP", "ARRET", "611"]), ("GB", ["7726", "EE 150", "O2 202", "Vodafone 191", "Three 333"]),
            ("EU", ["Likely Scam", "ComReg"]), ("IN", ["1909", "DND", "DLT", "198"]),
            ("CN", ["12321", "10086", "10010", "10000", "106"]), ("HK", ["#", "18222"]),
            ("TW", ["111", "165", "800", "188"]), ("SG", ["Likely-SCAM", "ScamShield", "1799"]),
            ("JP", ["151", "157", "*20184", "SoftBank"]), ("AU", ["Unverified", "2026"]),
        ])
    func facts(region: String, words: [String]) throws {
        for language in ["en", "zh-Hant"] {
            let guidance = try Self.guidance(region, language)
            let text = guidance.sections.flatMap(\.items).joined(separator: "\n")
            for word in words { #expect(text.contains(word), "\(region), \(language): \(word)") }
        }
    }

    @Test("Where carriers speak another language, there is a sentence in it to be read out or shown")
    func sentences() throws {
        func words(_ region: String, _ language: String) throws -> String {
            try Self.guidance(region, language).sections.last?.items.joined(separator: "\n") ?? ""
        }
        #expect(try words("CN", "en").contains("我收不到 Acme Brokers 发来的验证码短信"))
        #expect(try words("TW", "en").contains("我收不到 Acme Brokers 的驗證碼簡訊"))
        #expect(try words("HK", "en").contains("我收不到 Acme Brokers 發出的驗證碼短訊"))
        for language in ["en", "zh-Hant"] { #expect(try words("JP", language).contains("認証コードのSMSが届きません")) }
        for region in ["US", "CA", "GB", "IN", "SG", "AU"] {
            #expect(try words(region, "zh-Hant").contains("I do not receive"), "\(region)")
        }
    }

    @Test("A name that looks like a place stays a name")
    func placeInName() throws {
        let guidance = try Self.shipped.get().guidance(
            for: "HK", language: "en", sender: "{{firm}}", firm: "<b>{{sender}}</b>")
        let words = guidance.sections.last?.items.first
        #expect(words == "I do not receive security codes by text from <b>{{sender}}</b>. They come from {{firm}}.")
    }
}

@Suite("An operator's own guidance")
struct GuidanceOverrideTests {
    private static let text = """
        title: Ours
        checked: 2027-01
        source: Our help desk
        reasons: R
        - r
        steps: S
        - s {{sender}}
        contact: C
        - c {{firm}}
        words: W
        - w

        """

    private static func folder(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, text) in files {
            try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
        return folder
    }

    @Test("A file takes the place of ours, in its language alone")
    func replaces() throws {
        let folder = try Self.folder(["hk.en.txt": Self.text, ".hk.en.txt.swp": "rubbish"])
        let library = try GuidanceLibrary(overrides: folder.path)
        let english = library.guidance(for: "HK", language: "en", sender: "A", firm: "B")
        #expect(english.title == "Ours" && english.checked == "2027-01" && english.sources == ["Our help desk"])
        #expect(english.sections.flatMap(\.items) == ["r", "s A", "c B", "w"])
        #expect(library.guidance(for: "HK", language: "zh-Hant", sender: "A", firm: "B").title == "香港的短訊")
    }

    @Test("A file of another country comes before that of the Union")
    func adds() throws {
        let folder = try Self.folder(["fr.en.txt": Self.text, "kr.zh-Hant.txt": Self.text])
        let library = try GuidanceLibrary(overrides: folder.path)
        let areas = [("FR", "en"), ("FR", "zh-Hant"), ("KR", "en"), ("KR", "zh-Hant"), ("DE", "en")].map {
            library.guidance(for: $0.0, language: $0.1, sender: "A", firm: "B").area
        }
        #expect(areas == ["FR", "EU", "GENERAL", "KR", "EU"])
        #expect(library.files.count == 26)
    }

    @Test("An empty folder changes nothing; one that is not there is an error")
    func missing() throws {
        let folder = try Self.folder([:])
        #expect(try GuidanceLibrary(overrides: folder.path).files.count == 24)
        #expect(throws: GuidanceError.unreadable("\(folder.path)/none")) {
            try GuidanceLibrary(overrides: "\(folder.path)/none")
        }
    }

    @Test(
        "Misnamed files are not passed over",
        arguments: [
            "HK.en.txt", "hk.txt", "hk.fr.txt", "hk.zh-hant.txt", "hk.en.txt~", "hkg.en.txt", "h1.en.txt", "readme.md",
            "hk.en.txt.txt", "hk..txt", "香.en.txt",
        ])
    func misnamed(name: String) throws {
        let folder = try Self.folder([name: Self.text])
        #expect(throws: GuidanceError.misnamed(name)) { try GuidanceLibrary(overrides: folder.path) }
    }

    @Test("A folder among the files cannot be read")
    func folderInside() throws {
        let folder = try Self.folder([:])
        try FileManager.default.createDirectory(atPath: "\(folder.path)/hk.en.txt", withIntermediateDirectories: false)
        #expect(throws: GuidanceError.unreadable("hk.en.txt")) { try GuidanceLibrary(overrides: folder.path) }
    }

    @Test("A malformed file names itself, its line and the reason")
    func malformed() throws {
        let folder = try Self.folder(["hk.en.txt": Self.text.replacing("- c {{firm}}", with: "- c {{form}}")])
        let error = #expect(throws: GuidanceError.self) { try GuidanceLibrary(overrides: folder.path) }
        #expect(error?.description == "hk.en.txt, line 9: braces that are neither {{sender}} nor {{firm}}")
    }
}
