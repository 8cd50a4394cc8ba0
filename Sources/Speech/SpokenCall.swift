package import Time

/// What one call may say. It holds a code: it is never logged, and never written to a disk.
package struct SpokenCall: Sendable {
    /// Who calls and which keys there are, three times, with time for a key after each.
    package let request: Sound
    /// The code, twice, and goodbye.
    package let code: Sound
    /// How far into ``code`` the first reading has been heard to its end.
    package let heardAfter: Span
    /// The answer to key 9.
    package let reported: Sound

    package static let requests = 3
    /// What the telephone network may lag behind us.
    private static let lag = Span.milliseconds(300)

    init(phrases: [PhraseBook.Phrase: Sound], digits: [Sound], pauses: PhraseBook.Pauses) {
        func phrase(_ phrase: PhraseBook.Phrase) -> Sound { phrases[phrase] ?? Sound() }
        let asked = [phrase(.request), .silence(pauses.forKey)]
        self.request = .joined(
            [.silence(pauses.beforeRequest)] + Array(repeating: asked, count: Self.requests).joined())
        let read = Self.read(digits, pauses)
        let pause = Sound.silence(pauses.betweenReadings)
        let first = Sound.joined([phrase(.code), .silence(pauses.betweenDigits), read])
        let second = Sound.joined([pause, phrase(.again), .silence(pauses.betweenDigits), read, pause])
        let ending = Sound.joined([phrase(.repeating), .silence(pauses.forKey), phrase(.goodbye), .silence(Self.lag)])
        self.code = .joined([first, second, ending])
        self.heardAfter = Span.milliseconds(first.duration.milliseconds + Self.lag.milliseconds)
        self.reported = .joined([phrase(.reported), .silence(Self.lag)])
    }

    private static func read(_ digits: [Sound], _ pauses: PhraseBook.Pauses) -> Sound {
        let parts = digits.enumerated().map { index, digit -> Sound in
            guard index + 1 < digits.count else { return digit }
            return digit + .silence((index + 1) % 3 == 0 ? pauses.betweenGroups : pauses.betweenDigits)
        }
        return .joined(parts)
    }
}
