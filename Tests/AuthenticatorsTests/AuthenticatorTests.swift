// What is stored of an authenticator, and what its answer proves.

import Authenticators
import Encodings
import Identifiers
import Testing

@Suite struct AuthenticatorTests {
    @Test("Kinds are schema")
    func kinds() {
        #expect(AuthenticatorKind.allCases.map(\.rawValue) == ["security_card", "phone_number"])
    }

    @Test("Methods stand in tokens (RFC 8176)")
    func methods() {
        #expect(AuthenticationMethod.allCases.map(\.rawValue) == ["pwd", "otp", "pin", "sms", "tel", "mfa"])
    }

    @Test("States are schema")
    func statuses() {
        let names = ["active", "disabled", "ordered", "shipped", "blocked", "lost", "returned", "cancelled", "removed"]
        #expect(AuthenticatorStatus.allCases.map(\.rawValue) == names)
    }

    @Test("A card's answer proves possession and PIN, and no hardware key")
    func card() {
        #expect(AuthenticatorKind.securityCard.isMultiFactor)
        #expect(!AuthenticatorKind.phoneNumber.isMultiFactor)
    }

    @Test("A summary as it is stored")
    func summary() throws {
        let id = try #require(AuthenticatorID("000000000000000000000000000000ca"))
        let summary = AuthenticatorSummary(id: id, kind: .securityCard, label: "…4711")
        let expected = #"{"id":"000000000000000000000000000000ca","kind":"security_card","label":"…4711"}"#
        #expect(summary.storedText == expected)
        #expect(try AuthenticatorSummary(storedText: expected) == summary)
    }
}
