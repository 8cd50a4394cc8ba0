internal import Authenticators
internal import Time

/// The `delivery.texts` section: when login codes by text and call end, and how often their risk is acknowledged.
extension ConfigurationReader {
    mutating func codePolicy(_ policy: inout CodePolicy) {
        if let kinds = self.source.optionalList("delivery.texts.end_with") {
            policy.endedBy = Set(kinds.compactMap { self.endingKind($0) })
        }
        if let days = self.integer("delivery.texts.acknowledge_again_after_days", 1...3_650) {
            policy.acknowledgedFor = .days(Int64(days))
        }
    }

    private mutating func endingKind(_ setting: ConfigurationSource.Setting) -> AuthenticatorKind? {
        let kinds = AuthenticatorKind.allCases.filter { $0 != .phoneNumber }
        let name = setting.text.filter { $0 != " " }
        if let kind = kinds.first(where: { $0.rawValue == name }) { return kind }
        self.source.note(
            "delivery.texts.end_with", setting, "holds something that cannot end codes by text",
            hint: "one or more of \(kinds.map(\.rawValue).joined(separator: ", "))")
        return nil
    }
}
