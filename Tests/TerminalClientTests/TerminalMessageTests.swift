import Languages
import Testing

@testable import TerminalClient

@Suite("What a user reads at a terminal")
struct TerminalMessageTests {
    static let errors: [TerminalError] = [
        .badAddress("§"), .notLoggedIn(server: "§"), .busy, .fault, .unknownProgram, .refused("§"),
        .unexpectedAnswer("§"), .noMoreInput, .unreachable(server: "§", why: .nobodyListens),
        .unreachable(server: "§", why: .noAnswer), .unreachable(server: "§", why: .connectionFailed),
        .unreachable(server: "§", why: .notTrusted), .stateUnusable(path: "§", why: .damaged),
        .stateUnusable(path: "§", why: .unwritable),
        .stateUnusable(path: "§", why: .folderUnwritable), .loginOver(.tooManyPasswords), .loginOver(.cancelledHere),
        .loginOver(.blocked(until: "§")), .loginOver(.expired), .loginOver(.challengeExpired), .loginOver(.cancelled),
        .loginOver(.noAuthenticator), .loginOver(.authenticatorDisabled), .loginOver(.refused), .notLoggedOut(.busy),
        .notLoggedOut(.unreachable(server: "§", why: .noAnswer)),
    ]

    @Test("Both catalogues have every sentence, and no other", arguments: Language.allCases)
    func complete(language: Language) {
        let messages = TerminalMessages(language)
        #expect(messages.names == Set(TerminalPhrase.allCases.map(\.rawValue)))
        for phrase in TerminalPhrase.allCases { #expect(!messages.text(phrase).isEmpty, "\(phrase)") }
    }

    @Test("Both fill in the same places, but for what the server says in English", arguments: TerminalPhrase.allCases)
    func places(phrase: TerminalPhrase) {
        let texts = Language.allCases.map { TerminalMessages($0).text(phrase) }
        let places = texts.map { Set($0.matches(of: #/\{[a-z]+\}/#).map { String($0.output) }) }
        #expect(places[0] == places[1])
    }

    @Test("Every error has a sentence in both, with all that it names", arguments: errors, Language.allCases)
    func error(error: TerminalError, language: Language) {
        let words = error.words(in: TerminalMessages(language))
        #expect(!words.contains("{") && !words.isEmpty)
        #expect(words.contains("§") == "\(error)".contains("§"))
    }

    @Test("A call is named only where one is offered", arguments: Language.allCases)
    func call(language: Language) {
        let messages = TerminalMessages(language)
        for isOffered in [true, false] {
            let words = messages.text(.codePrompt(withCall: isOffered))
            #expect(words.contains(" v ") == isOffered, "\(words)")
        }
    }

    @Test("What a script may act on")
    func exitStatus() {
        let special: [TerminalError: Int32] = [
            .unreachable(server: "§", why: .noAnswer): 69, .unreachable(server: "§", why: .nobodyListens): 69,
            .unreachable(server: "§", why: .notTrusted): 69,
            .unreachable(server: "§", why: .connectionFailed): 69, .busy: 75, .notLoggedIn(server: "§"): 77,
            .notLoggedOut(.busy): 75, .notLoggedOut(.unreachable(server: "§", why: .noAnswer)): 69,
        ]
        for error in Self.errors { #expect(error.exitStatus == special[error, default: 1], "\(error)") }
    }

    @Test("In words")
    func words() {
        let chinese = TerminalMessages(.traditionalChinese)
        #expect(
            TerminalError.notLoggedIn(server: "https://a").words(in: chinese)
                == "您尚未登入 https://a\n    提示：countersign login")
        #expect(
            TerminalError.unreachable(server: "https://a", why: .nobodyListens).description
                == """
                the server at https://a cannot be reached (nobody listens there)
                    hint: start it with countersign serve, or name another with --server
                """)
        #expect(chinese.text(.wrongResponseOne, ["count": "1"]) == "回應碼不正確。尚可嘗試 1 次。")
    }
}
