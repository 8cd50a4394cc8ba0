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
    /// The earliest time at which one of this round said to try it again.
    package internal(set) var resumes: Instant?

    package init() {}

    func excludes(_ provider: String) -> Bool { self.asked.contains(provider) || self.refused.contains(provider) }
}

/// The names are schema.
extension MessageTries: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "asked": self.asked.isEmpty ? nil : self.asked.json,
            "refused": self.refused.isEmpty ? nil : self.refused.json,
            "resumes": self.resumes.map { .integer($0.milliseconds) },
            "rounds": self.rounds == 0 ? nil : .integer(Int64(self.rounds)),
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.asked = try json.stored(optional: "asked") ?? []
        self.refused = try json.stored(optional: "refused") ?? []
        let rounds: Int64? = try json.stored(optional: "rounds")
        self.rounds = Int(rounds ?? 0)
        let resumes: Int64? = try json.stored(optional: "resumes")
        self.resumes = resumes.map(Instant.init(milliseconds:))
    }
}
