// A security card with a display and buttons, as its holder knows it.

package import OTP

/// A security card: it answers challenges by OCRA, under a PIN that it does not know.
///
/// It is not a verifier. The card never checks the PIN: a wrong one makes a wrong response, and only the server can
/// tell, and counts. It has no clock either: every press says when it happens, in milliseconds on any steady clock.
package struct CardDevice: Sendable {
    /// The lengths that a PIN can have.
    package static let pinLengths = 4...8

    package let suite: OCRASuite
    package let pinLength: Int
    private let key: OTPKey
    private var state = CardState.off
    private var darkAt = Int64.min

    /// - Parameters:
    ///   - suite: one that buttons can serve: a numeric challenge, a PIN, a response in digits, and nothing else.
    ///   - pinLength: 4 to 8; the holder types exactly so many digits.
    /// - Throws: ``CardDeviceError``.
    package init(suite: OCRASuite, key: OTPKey, pinLength: Int = 4) throws(CardDeviceError) {
        guard suite.question.alphabet == .numeric, suite.pinHash != nil, suite.digits > 0, !suite.usesCounter,
            suite.sessionLength == nil, suite.timeStep == nil
        else { throw .suiteNotForButtons(suite.text) }
        guard Self.pinLengths.contains(pinLength) else { throw .pinLengthOutOfRange(pinLength) }
        self.suite = suite
        self.key = key
        self.pinLength = pinLength
    }

    /// What can be read at a time, in milliseconds.
    package func display(at time: Int64) -> CardDisplay {
        switch self.state(at: time) {
        case .off:
            CardDisplay(isOn: false, prompt: nil, text: "", darkAt: nil)
        case .enteringPIN(let digits):
            self.lit(.pin, String(repeating: "*", count: digits.utf8.count))
        case .enteringChallenge(_, let digits):
            self.lit(.challenge, digits)
        case .showingResponse(let response):
            self.lit(nil, response)
        }
    }

    /// Presses a button at a time, in milliseconds. A button that means nothing now does nothing.
    package mutating func press(_ key: CardKey, at time: Int64) {
        let before = self.state(at: time)
        self.state = self.state(after: key, in: before)
        // Reading is no press: a response goes dark a minute after it appeared, whatever is pressed meanwhile.
        if case .showingResponse = before, self.state == before { return }
        self.darkAt = Self.sum(time, self.state.patience)
    }

    private func state(at time: Int64) -> CardState {
        time < self.darkAt ? self.state : .off
    }

    private func lit(_ prompt: CardDisplay.Prompt?, _ text: String) -> CardDisplay {
        CardDisplay(isOn: true, prompt: prompt, text: text, darkAt: self.darkAt)
    }

    private func state(after key: CardKey, in state: CardState) -> CardState {
        switch (state, key) {
        case (.off, .power): .enteringPIN(digits: "")
        case (.off, _): .off
        case (_, .power): .off
        case (.enteringPIN(let digits), _): self.pinEntry(digits, key)
        case (.enteringChallenge(let pin, let digits), _): self.challengeEntry(pin, digits, key)
        case (.showingResponse, _): state
        }
    }

    private func pinEntry(_ digits: String, _ key: CardKey) -> CardState {
        if key == .ok, digits.utf8.count == self.pinLength { return .enteringChallenge(pin: digits, digits: "") }
        return .enteringPIN(digits: Self.edit(digits, key, limit: self.pinLength))
    }

    private func challengeEntry(_ pin: String, _ digits: String, _ key: CardKey) -> CardState {
        let limit = self.suite.question.length
        if key == .ok, digits.utf8.count == limit { return self.answer(pin: pin, challenge: digits) }
        return .enteringChallenge(pin: pin, digits: Self.edit(digits, key, limit: limit))
    }

    /// Cannot fail, since the suite and the digits were checked; were it to, the card would go dark.
    private func answer(pin: String, challenge: String) -> CardState {
        guard let pin = try? OCRAPIN(pin, for: self.suite),
            let response = try? self.suite.response(key: self.key, question: challenge, pin: pin)
        else { return .off }
        return .showingResponse(response)
    }

    /// A digit too many is ignored, as is taking back what is not there.
    private static func edit(_ digits: String, _ key: CardKey, limit: Int) -> String {
        if key == .correction { return String(digits.dropLast()) }
        guard let digit = key.digit, digits.utf8.count < limit else { return digits }
        return digits + String(digit)
    }

    private static func sum(_ time: Int64, _ patience: Int64) -> Int64 {
        let (sum, overflow) = time.addingReportingOverflow(patience)
        return overflow ? .max : sum
    }
}

extension CardDevice: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same words: a PIN half typed is a PIN.
    package var description: String { "CardDevice(hidden)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Why a card cannot be made. It never carries the key.
package enum CardDeviceError: Error, Hashable, Sendable {
    /// The suite asks for something that cannot be typed on a card, or for no PIN.
    case suiteNotForButtons(String)
    /// Outside ``CardDevice/pinLengths``.
    case pinLengthOutOfRange(Int)
}
