internal import Authenticators
package import Flows
internal import Identity
internal import OTP
package import Time

/// A security card in its holder's hand, without its buttons.
package struct TestCard: Sendable {
    package let serial: String
    package let key: [UInt8]
    package let pin: String
    package let suite: String

    package init(serial: String, byte: UInt8, pin: String = "1234", digits: Int = 6) {
        self.serial = serial
        self.key = [UInt8](repeating: byte, count: 32)
        self.pin = pin
        self.suite = "OCRA-1:HOTP-SHA256-8:QN0\(digits)-PSHA1"
    }

    /// What the card shows for a challenge.
    package func response(to challenge: String, pin: String? = nil) throws -> String {
        let suite = try OCRASuite(parsing: self.suite)
        return try suite.response(
            key: try OTPKey(self.key), question: challenge, pin: try OCRAPIN(pin ?? self.pin, for: suite))
    }

    /// Eight digits that are not the response.
    package func wrongResponse(to challenge: String) throws -> String {
        let right = try self.response(to: challenge)
        return String(right.map { digit in "1234567890".dropFirst(digit.wholeNumberValue ?? 0).first ?? "0" })
    }

    package func provision(for owner: String) throws -> Provisions.NewCard {
        let suite = try CardSuite(self.suite)
        return Provisions.NewCard(
            serial: self.serial, suite: suite, key: self.key, pinHash: try OCRAPIN(self.pin, for: suite.ocra).hash,
            owner: try UserName(owner))
    }
}

extension TestCard {
    /// As it stands in its maker's file.
    package func imported(
        line: Int = 1, pin: String? = nil, start: Instant? = nil, end: Instant? = nil, shortestPIN: Int? = nil,
        mostWrongPINs: Int? = nil
    ) -> CardImport.Card {
        CardImport.Card(
            line: line, serial: self.serial, suite: self.suite, key: self.key, pin: pin, start: start, end: end,
            shortestPIN: shortestPIN, mostWrongPINs: mostWrongPINs)
    }
}
