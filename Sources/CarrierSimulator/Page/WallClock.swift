import Foundation
import Time

/// The time of day as a telephone shows it: that of this computer.
struct WallClock: Sendable {
    let zone: TimeZone

    static let ofThisComputer = Self(zone: .current)

    func time(_ instant: Instant) -> String {
        let offset = self.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds)))
        let second = (instant.seconds + Int64(offset)) % 86_400
        return [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(
            separator: ":")
    }
}
