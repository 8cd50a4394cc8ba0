// Where browsers find the portal. With port 0 it is known only once the server listens.

import Synchronization

/// The portal's own origin, set once more when the port is known.
final class PublicAddress: Sendable {
    private let value: Mutex<WebAddress>

    init(_ address: WebAddress) { self.value = Mutex(address) }

    var current: WebAddress {
        get { self.value.withLock { $0 } }
        set { self.value.withLock { $0 = newValue } }
    }

    var redirectURI: String { self.current.origin + "/callback" }
    var home: String { self.current.origin + "/" }
}
