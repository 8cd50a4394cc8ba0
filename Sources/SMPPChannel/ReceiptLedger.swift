internal import Channels
internal import NIOCore

/// Where a message stands in a longer one.
struct PartPlace: Hashable {
    /// Common to the parts.
    let whole: UInt64
    /// From 1.
    let number: Int
    let total: Int
}

/// Which ids the provider gave lately, and how far the parts of long messages came.
///
/// The reference of a message in one part is its id. In several parts it is the id of the first with the number of them,
/// `4f3a/3`: it is delivered when every part is, and has failed when one has. That is known in the memory of the node that
/// sent it alone. After a restart, and where the provider reports over the bind of another node, the receipts of parts name
/// what nobody knows, and a long message stays without an end rather than being called delivered for its first part.
struct ReceiptLedger {
    private struct Whole {
        let reference: String
        let total: Int
        var delivered: Set<Int> = []
        var hasFailed = false
    }

    private let most: Int
    private var places: [String: PartPlace?] = [:]
    private var order = CircularBuffer<String>()
    private var wholes: [UInt64: Whole] = [:]

    /// - Parameter most: ids, of which the oldest are forgotten.
    init(most: Int) { self.most = most }

    func knows(_ id: String) -> Bool { self.places[id] != nil }

    /// - Returns: what reports will name the message by.
    mutating func remember(_ id: String, _ place: PartPlace?) -> String {
        if self.places.updateValue(place, forKey: id) == nil { self.order.append(id) }
        if self.order.count > self.most { self.forget(self.order.removeFirst()) }
        guard let place else { return id }
        let whole = self.wholes[place.whole] ?? Whole(reference: "\(id)/\(place.total)", total: place.total)
        self.wholes[place.whole] = whole
        return whole.reference
    }

    private mutating func forget(_ id: String) {
        if let place = self.places.removeValue(forKey: id) ?? nil { self.wholes[place.whole] = nil }
    }

    /// What a receipt says of the whole message; nil while other parts are still outstanding, and after the first failure.
    ///
    /// An id that we do not know is passed on: another node may, or the process before this one.
    mutating func report(
        _ id: String, _ progress: DeliveryProgress
    ) -> (reference: String, progress: DeliveryProgress)? {
        guard let place = self.places[id] ?? nil else { return (id, progress) }
        guard var whole = self.wholes[place.whole], !whole.hasFailed else { return nil }
        defer { self.wholes[place.whole] = whole }
        switch progress {
        case .delivered:
            whole.delivered.insert(place.number)
            return whole.delivered.count == whole.total ? (whole.reference, .delivered) : nil
        // What is not known of a part may yet become known: it ends nothing.
        case .underWay, .buffered, .unknown: return (whole.reference, progress)
        default:
            whole.hasFailed = true
            return (whole.reference, progress)
        }
    }
}
