import Authenticators
import Identifiers
import Testing
import Time

/// When codes to numbers end, and when their risk is to be acknowledged.
@Suite struct CodePolicyTests {
    private static let card = Self.summary(1, .securityCard)
    private static let phone = Self.summary(2, .phoneNumber)
    private static let now = Instant(milliseconds: 1_000_000_000_000)

    private static func summary(_ byte: UInt8, _ kind: AuthenticatorKind) -> AuthenticatorSummary {
        AuthenticatorSummary(
            id: AuthenticatorID(at: self.now, random: [UInt8](repeating: byte, count: 10)), kind: kind, label: "\(byte)"
        )
    }

    private func policy(_ kinds: Set<AuthenticatorKind>) -> CodePolicy {
        var policy = CodePolicy()
        policy.endedBy = kinds
        return policy
    }

    @Test("Nothing that there is today ends codes unless the operator says so")
    func byDefault() {
        #expect(CodePolicy().endedBy.isEmpty)
        #expect(CodePolicy().offered([Self.card, Self.phone]) == [Self.card, Self.phone])
    }

    @Test(
        "Numbers are left out beside what ends them, and nobody is left with nothing",
        arguments: [
            ([.securityCard], [card, phone], [card]),
            ([.securityCard], [phone], [phone]),  // it is blocked, lost, or not there yet
            ([.securityCard], [card], [card]),
            ([.securityCard], [], []),
            ([], [card, phone], [card, phone]),
            ([.phoneNumber], [phone], [phone]),  // a number ends no codes, not even its own
            ([.phoneNumber], [card, phone], [card, phone]),
        ] as [(Set<AuthenticatorKind>, [AuthenticatorSummary], [AuthenticatorSummary])])
    func offered(kinds: Set<AuthenticatorKind>, usable: [AuthenticatorSummary], offered: [AuthenticatorSummary]) {
        #expect(self.policy(kinds).offered(usable) == offered)
        let isEnded = kinds == [.securityCard] && usable.contains(Self.card)
        #expect(self.policy(kinds).endsCodes(of: usable) == isEnded)
    }

    @Test("Whatever the policy, whoever can use something is offered something", arguments: AuthenticatorKind.allCases)
    func never(kind: AuthenticatorKind) {
        for usable in [[Self.card], [Self.phone], [Self.phone, Self.card]] {
            #expect(!self.policy([kind]).offered(usable).isEmpty)
            #expect(!self.policy(Set(AuthenticatorKind.allCases)).offered(usable).isEmpty)
        }
    }

    @Test("The risk is acknowledged where there is nothing better, and anew after a year")
    func acknowledged() {
        let policy = CodePolicy()
        let never = PhoneBinding()
        let once = PhoneBinding(acknowledged: Self.now)
        #expect(policy.mustAcknowledge(never, besides: [Self.phone], at: Self.now))
        #expect(!policy.mustAcknowledge(never, besides: [Self.phone, Self.card], at: Self.now))
        #expect(!policy.mustAcknowledge(once, besides: [Self.phone], at: Self.now + .days(365) - .milliseconds(1)))
        #expect(policy.mustAcknowledge(once, besides: [Self.phone], at: Self.now + .days(365)))
    }
}
