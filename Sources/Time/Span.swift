/// A length of time in whole milliseconds.
package struct Span: Hashable, Comparable, Sendable, Codable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }
    package static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Span { .minutes(count * 60) }
    package static func days(_ count: Int64) -> Span { .hours(count * 24) }

    /// Whole seconds, rounded up: a wait that is told to a person must not be too short.
    package var secondsRoundedUp: Int64 {
        self.milliseconds / 1000 + (self.milliseconds % 1000 > 0 ? 1 : 0)
    }

    package static func < (left: Span, right: Span) -> Bool { left.milliseconds < right.milliseconds }

    package init(from decoder: any Decoder) throws {
        self.milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.milliseconds)
    }
}
