import Testing

@testable import Languages

@Suite("Languages")
struct LanguageTests {
    @Test(
        "What a browser asks for",
        arguments: [
            (nil, .english), ("", .english), ("en", .english), ("en-GB", .english), ("EN-us", .english),
            ("fr,de", .english), ("*", .english), ("zhx", .english), ("zh", .traditionalChinese),
            ("zh-HK", .traditionalChinese), ("zh-Hant-TW", .traditionalChinese), ("yue", .traditionalChinese),
            ("ZH-hk; q=0.9", .traditionalChinese), ("fr, zh-TW;q=0.8, en;q=0.7", .traditionalChinese),
            ("zh-TW,zh;q=0.9,en;q=0.8", .traditionalChinese), ("en;q=0.1, zh;q=0.2", .traditionalChinese),
            ("zh;q=0.2, en;q=0.7", .english), ("en, zh", .english), ("zh;q=0, en;q=0.1", .english),
            ("zh;q=abc", .english), ("zh;q=x,en", .english), (";;,,;q=1", .english), (";;,,q=", .english),
        ] as [(String?, Language)])
    func browser(header: String?, expected: Language) { #expect(Language(accepting: header) == expected) }

    @Test(
        "What a terminal's user reads",
        arguments: [
            ([:], .english), (["LANG": "C"], .english), (["LANG": "POSIX"], .english), (["LANG": "C.UTF-8"], .english),
            (["LANG": "en_GB.UTF-8"], .english), (["LANG": "de_DE.UTF-8"], .english),
            (["LANG": "zh_HK.UTF-8"], .traditionalChinese), (["LANG": "zh_TW.utf8"], .traditionalChinese),
            (["LANG": "zh_TW"], .traditionalChinese), (["LANG": "zh-Hant"], .traditionalChinese),
            (["LANG": "yue_HK.UTF-8@x"], .traditionalChinese), (["LANG": "zh_HK@x.y"], .traditionalChinese),
            (["LANG": "zh_TW.Big5"], .english), (["LANG": "zh_HK.big5hkscs"], .english),
            (["LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_HK.UTF-8"], .traditionalChinese),
            (["LANG": "zh_HK.UTF-8", "LC_ALL": "C"], .english),
            (["LC_MESSAGES": "zh_HK.UTF-8", "LC_ALL": ""], .traditionalChinese),
            (["LC_CTYPE": "zh_HK.UTF-8"], .english), (["LANG": "."], .english), (["LANG": "_"], .english),
        ] as [([String: String], Language)])
    func terminal(environment: [String: String], expected: Language) {
        #expect(Language(environment: environment) == expected, "\(environment)")
    }
}
