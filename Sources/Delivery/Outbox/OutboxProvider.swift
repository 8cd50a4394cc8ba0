package import Channels

/// A provider of the plan, with the way to it.
package struct OutboxProvider: Sendable {
    /// As the plan calls it.
    package let name: String
    package let channel: any DeliveryChannel
    /// How many may be handed over to it at once.
    package let window: Int
    /// How many may be handed over to it within a second, by this node; nil where it does not say.
    package let perSecond: Int?

    package init(name: String, channel: any DeliveryChannel, window: Int = 50, perSecond: Int? = nil) {
        self.name = name
        self.channel = channel
        self.window = window
        self.perSecond = perSecond
    }
}

package enum OutboxWorkerError: Error, Hashable, Sendable {
    /// The plan names a provider to which there is no way.
    case noChannel(String)
}
