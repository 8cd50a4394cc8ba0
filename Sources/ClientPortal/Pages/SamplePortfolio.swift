// Holdings of nobody, so that the portal has something to show.

/// An invented position. Amounts are in cents.
struct SampleHolding: Sendable {
    let symbol: String
    let name: Phrase
    let quantity: Int
    let price: Int

    var value: Int { self.quantity * self.price }

    static let all = [
        SampleHolding(symbol: "HBEL", name: .holdingElectric, quantity: 1_200, price: 5_235),
        SampleHolding(symbol: "STFY", name: .holdingFerry, quantity: 4_000, price: 1_184),
        SampleHolding(symbol: "PCPR", name: .holdingPaper, quantity: 850, price: 9_660),
        SampleHolding(symbol: "NWB31", name: .holdingBond, quantity: 300, price: 10_015),
    ]
}

/// "1,234,567.89"
enum Amount {
    static func text(cents: Int) -> String {
        let rest = cents % 100
        return Self.grouped(cents / 100) + (rest < 10 ? ".0" : ".") + String(rest)
    }

    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
        return groups.reversed().joined(separator: ",")
    }
}
