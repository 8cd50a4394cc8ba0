package import Encodings
package import Time

/// Who was asked to take a message.
package struct MessageTries: Hashable, Sendable {
    /// In this round.
    package internal(set) var asked: [String] = []
    /// Whoever will never take this one.
    package internal(set) var refused: [String] = []
    /// Rounds in which nobody took it.
    package internal(set) var rounds = 0
    /// Whoever has said for how long not to ask: of no concern to the others.
    package internal(set) var pauses: [ProviderPause] = []

    package init() {}

    func excludes(_ provider: String, at now: Instant) -> Bool {
        self.asked.contains(provider) || self.refused.contains(provider) || self.resumes(provider, from: now) > now
    }

    /// When the provider may be asked again.
    func resumes(_ provider: String, from now: Instant) -> Instant {
        max(now, self.pauses.first { $0.provider == provider }?.until ?? now)
    }

    mutating func pause(_ provider: String, until: Instant) {
        self.pauses.removeAll { $0.provider == provider }
        self.pauses.append(ProviderPause(provider: provider, until: until))
    }
}

package struct ProviderPause: Hashable, Sendable {
    package let provider: String
    package let until: Instant
}

/// The names are schema.
extension MessageTries: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "asked": self.asked.isEmpty ? nil : self.asked.json,
            "pauses": self.pauses.isEmpty ? nil : self.pauses.json,
            "refused": self.refused.isEmpty ? nil : self.refused.json,
            "rounds": self.rounds == 0 ? nil : .integer(Int64(self.rounds)),
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.asked = try json.stored(optional: "asked") ?? []
        self.refused = try json.stored(optional: "refused") ?? []
        let rounds: Int64? = try json.stored(optional: "rounds")
        self.rounds = Int(rounds ?? 0)
        self.pauses = try json.stored(optional: "pauses") ?? []
    }
}

/// The names are schema.
extension ProviderPause: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: ["provider": .string(self.provider), "until": .integer(self.until.milliseconds)])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.provider = try json.stored("provider")
        self.until = Instant(milliseconds: try json.stored("until"))
    }
}
