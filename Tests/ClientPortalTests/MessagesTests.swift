import Foundation
import Languages
import Testing

@testable import ClientPortal

@Suite("Words and templates")
struct MessagesTests {
    private static let english = Data(PackageResources.portal_messages_en_json)
    private static let chinese = Data(PackageResources.portal_messages_zh_hant_json)

    private static func keys(_ file: Data) throws -> Set<String> {
        Set(try JSONDecoder().decode([String: String].self, from: file).filter { !$0.value.isEmpty }.keys)
    }

    /// The keys that templates name, as `{{t.key}}`.
    private static var inTemplates: Set<String> {
        Set(
            PortalResources.templates.values.flatMap { $0.matches(of: /\{\{t\.([A-Za-z]+)\}\}/) }.map {
                String($0.output.1)
            })
    }

    @Test("Both languages have every key that code and templates use, and no other")
    func complete() throws {
        let used = Self.inTemplates.union(Phrase.allCases.map(\.rawValue))
        #expect(try Self.keys(Self.english).symmetricDifference(used) == [])
        #expect(try Self.keys(Self.chinese).symmetricDifference(used) == [])
    }

    @Test("A file that lacks a key is refused, whichever language it is")
    func missing() throws {
        let lacking = try JSONDecoder().decode([String: String].self, from: Self.chinese).filter { $0.key != "logIn" }
        let file = try JSONEncoder().encode(lacking)
        #expect(throws: MessagesError.missing(["logIn"], .traditionalChinese)) {
            try Messages([.english: Self.english, .traditionalChinese: file])
        }
        #expect(throws: MessagesError.missing(["logIn"], .english)) {
            try Messages([.english: file, .traditionalChinese: Self.chinese])
        }
    }

    @Test("No template writes a value unescaped", arguments: PortalResources.templates.keys.sorted())
    func escaped(name: String) throws {
        let text = try #require(PortalResources.templates[name])
        #expect(!text.contains("{{{") && !text.contains("{{&"))
        #expect(text.firstMatch(of: /\{\{\s*&/) == nil)
        #expect(text.firstMatch(of: /\son[a-z]+=|<script|<style|\sstyle=/) == nil, "inline code")
    }

    @Test("Words are not the same in both languages")
    func translated() throws {
        let english = try JSONDecoder().decode([String: String].self, from: Self.english)
        let chinese = try JSONDecoder().decode([String: String].self, from: Self.chinese)
        #expect(english.filter { chinese[$0.key] == $0.value } == [:])
    }
}

@Suite("Authentication in words")
struct AuthenticationInWordsTests {
    private func words(
        _ claims: [String: JSONValue], _ language: Language = .english, now: Double = 1_800_000_000
    ) throws -> AuthenticationInWords {
        AuthenticationInWords(
            claims: IDTokenClaims(all: claims), messages: try .embedded(), language: language, now: now)
    }

    @Test(
        "amr (RFC 8176)",
        arguments: [
            (["pwd"], "password", "密碼"), (["pwd", "otp"], "password and security card", "密碼及安全卡"),
            (["otp", "mfa", "hwk", "pwd", "pin"], "password, security card and PIN", "密碼、安全卡及私人密碼（PIN）"),
            (["pwd", "otp", "sms"], "password and text message", "密碼及短訊"),
            (["pwd", "tel"], "password and voice call", "密碼及語音來電"),
            (["pwd", "swk", "otp"], "password and mobile authenticator", "密碼及流動認證器"),
            ([], "not stated by the login server", "登入伺服器沒有說明"),
            (["xyz"], "not stated by the login server", "登入伺服器沒有說明"),
        ] as [([String], String, String)])
    func methods(amr: [String], english: String, chinese: String) throws {
        let claims = ["amr": JSONValue.array(amr.map(JSONValue.string))]
        #expect(try self.words(claims).factors == english)
        #expect(try self.words(claims, .traditionalChinese).factors == chinese)
    }

    @Test(
        "auth_time",
        arguments: [
            (0.0, "just now"), (59, "just now"), (60, "a few minutes ago"), (900, "within the last hour"),
            (3600, "within the last day"), (86400, "more than a day ago"), (-30, "just now"),
        ])
    func ago(seconds: Double, text: String) throws {
        let words = try self.words(["auth_time": .integer(1_800_000_000)], now: 1_800_000_000 + seconds)
        #expect(words.ago == text)
        #expect(words.time == "2027-01-15 08:00:00 UTC")
    }

    @Test("Times far away do not stop the page", arguments: [-1e300, 1e300, 253_402_300_800])
    func farTimes(seconds: Double) throws { #expect(UTCTime.text(seconds).hasSuffix(" UTC")) }

    @Test(
        "acr",
        arguments: [(nil, "not stated"), ("phr", "phishing-resistant (phr)"), ("urn:x", "urn:x")] as [(String?, String)]
    )
    func level(acr: String?, text: String) throws {
        #expect(try self.words(acr.map { ["acr": .string($0)] } ?? [:]).level == text)
    }
}
