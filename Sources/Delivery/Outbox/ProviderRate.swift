internal import Channels
internal import Identifiers
internal import Time

/// How many messages one provider is handed within any second, by this node. Whoever is too many gets a turn, and waits for it
/// in the outbox.
struct ProviderRate {
    private let most: Int
    /// When messages went or will go, in order: those of the last second, and the turns that were given.
    private var turns: [Instant] = []
    private var given: [DeliveryID: Instant] = [:]

    private static let second = Span.seconds(1)
    /// Whoever does not come for his turn within this was taken by another node, or is over.
    private static let patience = Span.minutes(1)

    init(perSecond most: Int) { self.most = max(1, most) }

    /// - Parameter end: the end of the message's life: a turn after it is none, and takes nobody's place.
    mutating func turn(of id: DeliveryID, before end: Instant, at now: Instant) -> ProviderTurn {
        if let turn = self.given[id] {
            guard turn <= now else { return .later(turn) }
            self.given[id] = nil
            return .now
        }
        self.forget(at: now)
        let next = self.turns.count < self.most ? now : self.turns[self.turns.count - self.most] + Self.second
        guard next > now else {
            self.turns.append(now)
            return .now
        }
        guard next < end else { return .tooLate }
        self.turns.append(next)
        self.given[id] = next
        return .later(next)
    }

    private mutating func forget(at now: Instant) {
        let past = self.turns.prefix { $0 + Self.second <= now }.count
        self.turns.removeFirst(past)
        if past > 0, !self.given.isEmpty { self.given = self.given.filter { now < $0.value + Self.patience } }
    }
}

/// When a message may be handed over.
enum ProviderTurn: Hashable {
    case now
    case later(Instant)
    /// Its life is over before that.
    case tooLate
}
