// What is stored of an authenticator, and what its answer proves.

import Authenticators
import Foundation
import Identifiers
import Testing

@Suite struct AuthenticatorTests {
    @Test("Kinds are schema")
    func kinds() {
        #expect(AuthenticatorKind.allCases.map(\.rawValue) == ["security_card"])
    }

    @Test("Methods stand in tokens (RFC 8176)")
    func methods() {
        #expect(AuthenticationMethod.allCases.map(\.rawValue) == ["pwd", "otp", "pin", "mfa"])
    }

    @Test("States are schema")
    func statuses() {
        #expect(AuthenticatorStatus.active.rawValue == "active")
        #expect(AuthenticatorStatus.disabled.rawValue == "disabled")
    }

    @Test("A card's answer proves possession and PIN, and no hardware key")
    func card() {
        #expect(AuthenticatorKind.securityCard.methods == [.oneTimePassword, .pin])
        #expect(AuthenticatorKind.securityCard.isMultiFactor)
    }

    @Test("A summary as it is stored")
    func summary() throws {
        let id = try #require(AuthenticatorID("000000000000000000000000000000ca"))
        let summary = AuthenticatorSummary(id: id, kind: .securityCard, label: "…4711")
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(summary)
        let expected = #"{"id":"000000000000000000000000000000ca","kind":"security_card","label":"…4711"}"#
        #expect(String(decoding: json, as: UTF8.self) == expected)
        #expect(try JSONDecoder().decode(AuthenticatorSummary.self, from: json) == summary)
    }
}
