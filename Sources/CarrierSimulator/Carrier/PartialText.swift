/// What has come of a text in several parts.
struct PartialText: Hashable, Sendable {
    struct Key: Hashable, Sendable {
        let to: PhoneNumber
        let from: String
        let reference: Int
        let total: Int

        init(_ submission: Submission, _ part: TextPart) {
            (self.to, self.from, self.reference, self.total) = (
                submission.to, submission.from, part.reference, part.total
            )
        }
    }

    struct Part: Hashable, Sendable {
        let text: String
        /// As the answer named it.
        let reference: String
    }

    /// By their numbers.
    var parts: [Int: Part] = [:]
}
