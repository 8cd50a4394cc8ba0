import Identity
import Testing
import Time

@Suite("Activation codes")
struct ActivationCodeTests {
    static let code = ActivationCode(random: [0, 1, 2, 3, 30, 31, 16, 8, 255])

    @Test("As it is printed, it is read again")
    func roundTrip() throws {
        let text = Self.code.text
        #expect(text.count == 11 && text.hasPrefix("0123Y-ZG8Z"))
        #expect(try ActivationCode(text) == Self.code)
        #expect(Self.code.bytes.count == 10)
    }

    @Test("Case, spaces, dashes, and letters that look like digits")
    func tidied() throws {
        let text = Self.code.text
        for typed in [
            text.lowercased(), " \(text) ", text.replacing("-", with: ""), text.replacing("-", with: "\u{2013}"),
            text.replacing("0", with: "O"), text.replacing("0", with: "o"), text.replacing("1", with: "I"),
            text.replacing("1", with: "l"),
        ] {
            #expect(try ActivationCode(typed) == Self.code, "\(typed)")
        }
    }

    @Test("Any one wrong character is noticed, and any two that changed places")
    func mistyped() throws {
        let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let right = Array(Self.code.text.replacing("-", with: ""))
        for place in right.indices {
            for letter in letters where letter != right[place] {
                var wrong = right
                wrong[place] = letter
                #expect(throws: ActivationCodeError.mistyped) { try ActivationCode(String(wrong)) }
            }
            for other in right.indices where right[other] != right[place] {
                var swapped = right
                swapped.swapAt(place, other)
                #expect(throws: ActivationCodeError.mistyped) { try ActivationCode(String(swapped)) }
            }
        }
    }

    @Test(
        "Refused",
        arguments: [
            ("", .missing), (" - ", .missing), ("ABC", .malformed), ("0123Y-ZG8Z00", .malformed),
            ("0123Y-ZG8U0", .malformed), ("0123Y-ZG8Z!", .malformed), (String(repeating: " ", count: 65), .malformed),
            ("\u{FF10}123Y-ZG8Z0", .malformed),
        ] as [(String, ActivationCodeError)])
    func refused(typed: String, error: ActivationCodeError) {
        #expect(throws: error) { try ActivationCode(typed) }
    }

    @Test("It tells nobody what it is")
    func hidden() {
        #expect("\(Self.code)" == "ActivationCode(…)")
        #expect(!String(reflecting: Self.code).contains("Y"))
    }

    @Test("How long each kind works, and from when")
    func lifetimes() {
        #expect(ActivationCodeKind.allCases.map(\.rawValue) == ["letter", "spoken", "recovery"])
        #expect(
            ActivationCodeKind.letter.lifetime == .days(21) && ActivationCodeKind.letter.waitingTime.milliseconds == 0)
        #expect(
            ActivationCodeKind.spoken.lifetime == .minutes(10)
                && ActivationCodeKind.spoken.waitingTime.milliseconds == 0)
        #expect(ActivationCodeKind.recovery.waitingTime == .hours(72))
    }
}

@Suite("New passwords")
struct NewPasswordTests {
    @Test("Typed twice the same, however the keyboard writes it")
    func same() throws {
        #expect(try NewPassword("Gr\u{FC}n", again: "Gru\u{308}n").password.text == "Gr\u{FC}n")
        #expect(throws: NewPasswordError.different) { try NewPassword("a", again: "b") }
        #expect(throws: NewPasswordError.different) { try NewPassword("a", again: "") }
        #expect(throws: NewPasswordError.missing) { try NewPassword("", again: "") }
    }

    @Test("8 characters beside a second factor, 15 alone")
    func length() throws {
        let policy = PasswordPolicy()
        let short = try NewPassword("purple-5", again: "purple-5")
        try short.check(policy, hasSecondFactor: true, context: [])
        #expect(throws: NewPasswordError.weak(.tooShort(minimum: 15))) {
            try short.check(policy, hasSecondFactor: false, context: [])
        }
    }
}
