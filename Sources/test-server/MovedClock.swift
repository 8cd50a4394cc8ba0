internal import Foundation
internal import Synchronization
internal import Time

/// The machine's clock, moved forward by as much as tests asked for.
final class MovedClock: Sendable {
    private let ahead = Mutex(Span.seconds(0))

    func advance(_ span: Span) { self.ahead.withLock { $0 = .milliseconds($0.milliseconds + span.milliseconds) } }

    func now() -> Instant {
        let machine = Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
        return machine + self.ahead.withLock { $0 }
    }
}
