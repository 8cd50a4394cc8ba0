// The cards as each browser left them.

import CardDevice
import Synchronization

/// What a browser is known by: 128 random bits, as 32 hexadecimal digits.
struct BrowserID: Hashable, Sendable {
    let text: String

    init(using random: inout some RandomNumberGenerator) {
        let digits = Array("0123456789abcdef")
        self.text = String((0..<32).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
    }

    /// Nil for a text that we cannot have made.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ isDigit($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        self.text = String(text)
    }
}

/// The state of every card, for every browser: in memory, since a card forgets everything when it is off.
final class CardShelf: Sendable {
    private struct Drawer {
        var devices: [String: CardDevice] = [:]
        var lastPress: Int64
    }

    let cards: [DemoCard]
    private let limit: Int
    private let drawers = Mutex<[BrowserID: Drawer]>([:])

    /// - Parameter limit: how many browsers are remembered; the one that was idle longest is forgotten first.
    init(cards: [DemoCard], limit: Int = 1_000) {
        self.cards = cards
        self.limit = limit
    }

    func display(of card: DemoCard, for browser: BrowserID?, at time: Int64) -> CardDisplay {
        let device = browser.flatMap { browser in self.drawers.withLock { $0[browser]?.devices[card.serial] } }
        return (device ?? card.device).display(at: time)
    }

    func press(_ key: CardKey, on card: DemoCard, for browser: BrowserID, at time: Int64) {
        self.drawers.withLock { drawers in
            if drawers[browser] == nil, drawers.count >= self.limit,
                let idle = drawers.min(by: { $0.value.lastPress < $1.value.lastPress })
            {
                drawers[idle.key] = nil
            }
            drawers[browser, default: Drawer(lastPress: time)].lastPress = time
            drawers[browser]?.devices[card.serial, default: card.device].press(key, at: time)
        }
    }
}
