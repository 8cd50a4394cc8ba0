package import Time

/// How many codes went out in a while, and how many of these were typed.
package struct ConversionCount: Hashable, Sendable {
    package var sent: Int64
    package var used: Int64

    package init(sent: Int64 = 0, used: Int64 = 0) {
        self.sent = sent
        self.used = used
    }
}

/// When codes that hardly anybody types are taken for a pump: somebody has them sent to earn by the texts, not to log in.
package struct ConversionRule: Hashable, Sendable {
    /// Too few used, of enough to tell.
    package struct Threshold: Hashable, Sendable {
        package var leastSent: Int64
        package var leastUsedPercent: Int64

        package init(leastSent: Int64, leastUsedPercent: Int64) {
            self.leastSent = leastSent
            self.leastUsedPercent = leastUsedPercent
        }

        package func isMissed(by count: ConversionCount) -> Bool {
            count.sent >= self.leastSent && count.used * 100 < self.leastUsedPercent * count.sent
        }
    }

    /// Codes that were made within so long are looked at,
    package var window = Span.hours(1)
    /// but none that is younger than this: nobody could have typed it yet.
    package var ripensIn = Span.minutes(5)
    /// What stops a block of numbers.
    package var block = Threshold(leastSent: 40, leastUsedPercent: 20)
    /// What raises an alarm for the whole firm.
    package var firm = Threshold(leastSent: 200, leastUsedPercent: 40)
    /// How long nothing goes to a stopped block; nil: until the staff resumes it.
    package var stopLasts: Span? = .hours(6)

    package init() {}

    /// A code that a provider takes later than this after it was asked for tells nothing: whoever waited so long has given up,
    /// as after an outage.
    package static let patience = Span.minutes(2)

    /// Codes are counted by the time at which they were made, in whole slots of this length.
    package static let slotLength = Span.minutes(5)

    package static func slot(of made: Instant) -> Int64 { made.milliseconds / self.slotLength.milliseconds }

    /// The slots that are looked at: whole ones, within the window, with ripe codes alone.
    ///
    /// - Parameter opened: what was made before does not count; nil: all does.
    /// - Returns: nil where there is no whole slot yet.
    package func slots(since opened: Instant?, at now: Instant) -> ClosedRange<Int64>? {
        let ripe = now - self.ripensIn
        let first = Self.firstSlot(notBefore: max(ripe - self.window, opened ?? ripe - self.window))
        let last = Self.slot(of: ripe) - 1
        return first <= last ? first...last : nil
    }

    private static func firstSlot(notBefore time: Instant) -> Int64 {
        let length = Self.slotLength.milliseconds
        return (time.milliseconds + length - 1) / length
    }
}
