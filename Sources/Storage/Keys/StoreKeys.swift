internal import Crypto
internal import SQL
internal import Sealing

/// The keys as one transaction uses them: what seals its columns, and what hides names in its indexes.
final class StoreKeys {
    private let connection: any SQLConnection
    private let sealer: Sealer
    private let lookupKey: [UInt8]
    private let random: RandomSource
    private var maySeal = false

    init(connection: any SQLConnection, sealer: Sealer, lookupKey: [UInt8], random: RandomSource) {
        self.connection = connection
        self.sealer = sealer
        self.lookupKey = lookupKey
        self.random = random
    }

    var current: UInt32 { self.sealer.current.id }

    /// - Throws: ``StoreKeysError/superseded(_:)`` when a newer key seals now; ``StoreKeysError/unlisted(_:)`` for a
    ///   column that a change of keys would forget.
    func seal(_ secret: [UInt8], for place: SealedPlace) throws -> [UInt8] {
        guard SealedColumn.names.contains(place.column) else { throw StoreKeysError.unlisted(place.column) }
        try self.checkCurrent()
        return try self.sealer.seal(secret, for: place, nonce: self.random.bytes(12))
    }

    func open(_ sealed: [UInt8], for place: SealedPlace) throws(SealingError) -> [UInt8] {
        try self.sealer.open(sealed, for: place)
    }

    /// Once a transaction. The lock holds off whoever would supersede the key until this transaction is through, so that
    /// nothing is sealed under a key after its last value was looked for.
    func checkCurrent() throws {
        guard !self.maySeal else { return }
        let rows = try self.connection.query(
            """
            SELECT id FROM data_key WHERE id = \(Int64(self.current)) AND superseded_at IS NULL\(.sharedLock)
            """)
        guard !rows.isEmpty else { throw StoreKeysError.superseded(self.current) }
        self.maySeal = true
    }

    /// A keyed hash under which something is looked up that must not stand in the store as it is.
    func lookup(_ purpose: StaticString, _ parts: [[UInt8]]) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: self.lookupKey))
        for part in [Array("\(purpose)".utf8)] + parts {
            code.update(data: withUnsafeBytes(of: UInt32(part.count).bigEndian) { Array($0) })
            code.update(data: part)
        }
        return Array(code.finalize())
    }
}

/// What can be wrong with the store's keys.
package enum StoreKeysError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The store's data keys were wrapped by another master key.
    case wrongMasterKey
    case damaged
    /// A newer data key seals now: read the keys again.
    case superseded(UInt32)
    /// The column, `table.column`, is not in ``SealedColumn/all``.
    case unlisted(String)
    /// So many values are still sealed under the key.
    case inUse(UInt32, values: Int64)

    package var description: String {
        switch self {
        case .wrongMasterKey: "The store's data keys are wrapped under another master key."
        case .damaged: "The store's data keys are damaged."
        case .superseded(let id): "Data key \(id) no longer seals."
        case .unlisted(let column): "The column \(column) is sealed, but a change of keys would forget it."
        case .inUse(let id, let values): "\(values) values are still sealed under data key \(id): run it again."
        }
    }
}
