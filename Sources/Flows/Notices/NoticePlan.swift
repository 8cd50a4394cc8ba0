package import Outbox
internal import PhoneNumbers

/// The ways by which the firm tells its users of changes, beside their accounts' pages.
package struct NoticePlan: Hashable, Sendable {
    /// Those that there is a provider for.
    package var channels: Set<MessageChannel>
    /// ISO 3166-1 alpha-2, of telephone numbers; nil lets all through.
    package var countries: Set<String>?
    /// Of texts: by number, block of numbers, country and firm.
    package var limits: SendingLimits

    package init(
        channels: Set<MessageChannel> = [], countries: Set<String>? = nil, limits: SendingLimits = SendingLimits()
    ) {
        self.channels = channels
        self.countries = countries
        self.limits = limits
    }
}

/// What a change has just done to the ways by which its user is told of it: he hears of it where he could be reached before.
struct ReachChange {
    /// The numbers that were his until now.
    var formerNumbers: [PhoneNumber] = []
    /// Whoever added it is not told so by it.
    var newNumber: PhoneNumber?
}
