/// One provider's place in the firm's plan: what it carries, where to, and what for.
package struct DeliveryProvider: Hashable, Sendable {
    /// Short and unique; it stands in statistics and in the audit trail.
    package let name: String
    package let channel: MessageChannel
    package var reach = DeliveryReach()
    package var price = DeliveryPrice()

    package init(name: String, channel: MessageChannel) {
        self.name = name
        self.channel = channel
    }
}

/// Where a provider carries messages to. Without any rule: everywhere.
package struct DeliveryReach: Hashable, Sendable {
    /// ISO 3166-1 alpha-2. Together with ``prefixes``: whatever lies in one of these or begins with one of those.
    package var regions: Set<String> = []
    /// The beginning of numbers with their plus sign, `+852`: at most as long as a destination's prefix.
    package var prefixes: [String] = []
    package var exceptRegions: Set<String> = []
    package var exceptPrefixes: [String] = []

    package init() {}

    /// - Parameter destination: nil for mail, which goes anywhere.
    package func includes(_ destination: MessageDestination?) -> Bool {
        guard let destination else { return true }
        let begins = { (prefix: String) in destination.prefix.hasPrefix(prefix) }
        if self.exceptRegions.contains(destination.region) || self.exceptPrefixes.contains(where: begins) {
            return false
        }
        if self.regions.isEmpty, self.prefixes.isEmpty { return true }
        return self.regions.contains(destination.region) || self.prefixes.contains(where: begins)
    }
}

/// What a provider asks for one message, or for each part of a long text, in millionths of the firm's currency.
package struct DeliveryPrice: Hashable, Sendable {
    package var byRegion: [String: Int64] = [:]
    /// Everywhere else; nil where nobody has said.
    package var otherwise: Int64?

    package init() {}

    package func amount(to destination: MessageDestination?, parts: Int64 = 1) -> Int64? {
        (destination.flatMap { self.byRegion[$0.region] } ?? self.otherwise).map { $0 * parts }
    }
}

/// The providers that may carry one message, the best first.
package struct MessageRoute: Hashable, Sendable {
    /// By the rules, whether they work or not.
    package let providers: [String]
    /// Of these, whoever is switched on; whoever rests after faults comes last.
    package let open: [String]

    package init(providers: [String], open: [String]) {
        self.providers = providers
        self.open = open
    }
}

/// The firm's plan of who carries what: the first that reaches a destination is asked first.
package struct DeliveryRoutes: Hashable, Sendable {
    package let providers: [DeliveryProvider]

    /// - Throws: ``DeliveryRoutesError`` when two have one name.
    package init(_ providers: [DeliveryProvider]) throws(DeliveryRoutesError) {
        var names: Set<String> = []
        for provider in providers where !names.insert(provider.name).inserted { throw .nameTaken(provider.name) }
        self.providers = providers
    }

    package subscript(name: String) -> DeliveryProvider? { self.providers.first { $0.name == name } }

    /// - Parameters:
    ///   - through: the only one that may carry it, for tests.
    ///   - off: whoever the operator has switched off.
    ///   - resting: whoever has failed of late.
    package func route(
        by channel: MessageChannel, to destination: MessageDestination?, through: String? = nil, off: Set<String> = [],
        resting: Set<String> = []
    ) -> MessageRoute {
        let names = self.providers.filter { provider in
            provider.channel == channel && provider.reach.includes(destination)
                && (through == nil || through == provider.name)
        }.map(\.name)
        let open = names.filter { !off.contains($0) }
        return MessageRoute(
            providers: names, open: open.filter { !resting.contains($0) } + open.filter { resting.contains($0) })
    }
}

package enum DeliveryRoutesError: Error, Hashable, Sendable {
    case nameTaken(String)
}
