package import Time

/// The firm's rules for codes that go to telephone numbers: when they end, and how often their risk is acknowledged.
package struct CodePolicy: Hashable, Sendable {
    /// Once a user can use one of these, no login code goes to his number; the number stays, for notices.
    package var endedBy = Set(AuthenticatorKind.allCases.filter(\.endsCodesUnlessTold))
    /// For how long somebody has acknowledged that a number is his only second factor.
    package var acknowledgedFor = Span.days(365)

    package init() {}

    /// What a login offers of what a user can use. Numbers are left out only beside something that stays, so nobody is left
    /// with nothing: where that is blocked, lost or expired, codes are offered again.
    package func offered(_ usable: [AuthenticatorSummary]) -> [AuthenticatorSummary] {
        self.endsCodes(of: usable) ? usable.filter { $0.kind != .phoneNumber } : usable
    }

    /// Whether codes have ended for somebody who can use these.
    package func endsCodes(of usable: [AuthenticatorSummary]) -> Bool {
        usable.contains { $0.kind != .phoneNumber && self.endedBy.contains($0.kind) }
    }

    /// Whether a user is to be told now that what he has is restricted, and asked to acknowledge it.
    ///
    /// - Parameter binding: of the number that is his.
    package func mustAcknowledge(
        _ binding: PhoneBinding, besides usable: [AuthenticatorSummary], at now: Instant
    ) -> Bool {
        guard usable.allSatisfy(\.kind.isRestricted) else { return false }
        return binding.acknowledged.map { now >= $0 + self.acknowledgedFor } ?? true
    }
}
