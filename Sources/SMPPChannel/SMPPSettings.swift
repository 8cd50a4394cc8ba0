package import SMPP
package import Time

/// One provider's account, and how it wants to be spoken to.
package struct SMPPSettings: Sendable {
    /// What logs call the provider.
    package let name: String
    package let host: String
    package let port: Int
    package let security: SMPPSecurity
    package let account: BindRequest
    package let sender: SMPPAddress
    package var messageIDs = MessageIDSpelling.asGiven
    package var validity = MessageTime.Form.relative
    /// How far the clock in the provider's receipts is before UTC: 8 hours in Hong Kong. Nil where the provider does not say;
    /// then a report has no time.
    package var receiptZone: Span?
    /// How many messages may be without an answer at once.
    package var window = 50
    package var timing = SMPPTiming()
    package var alphabet = SMPPAlphabet.gsm7

    /// - Parameter sender: a number with its plus sign, a short code, or a name of at most 11 characters.
    package init(
        name: String, host: String, port: Int, security: SMPPSecurity, systemID: String, password: String,
        systemType: String = "", sender: String
    ) throws(SMPPError) {
        guard let sender = SMPPAddress(sender: sender) else { throw .invalid("source_addr") }
        (self.name, self.host, self.port, self.security) = (name, host, port, security)
        self.account = BindRequest(systemID: systemID, password: password, systemType: systemType)
        self.sender = sender
        // The account is written for every connection: better refused here than then.
        _ = try PDU(.bindTransceiver(self.account), sequence: 1).encoded()
    }
}

/// How a provider takes texts that need no more than a Western alphabet; all others go as UCS-2. A wrong one is seen first at
/// the `@` of the line that ties a code to its page.
package enum SMPPAlphabet: String, Hashable, Sendable, CaseIterable {
    /// The GSM alphabet as the default of the SMSC: `data_coding` 0. So it is nearly everywhere.
    case gsm7
    /// ISO 8859-1, said so: `data_coding` 3.
    case latin1
    /// ISO 8859-1 as the default of the SMSC: `data_coding` 0.
    case latin1Default = "latin1_default"
    /// UCS-2 whatever the text: `data_coding` 8. It costs more messages.
    case ucs2

    var text: TextAlphabet {
        switch self {
        case .gsm7: .gsm
        case .latin1, .latin1Default: .latin1
        case .ucs2: .ucs2
        }
    }

    func coding(of alphabet: TextAlphabet) -> DataCoding {
        self == .latin1Default && alphabet == .latin1 ? .standard : alphabet.coding
    }
}

package enum SMPPSecurity: Hashable, Sendable {
    /// The password and every code are readable on the way: for a leased line, a tunnel, or tests.
    case plain
    /// The certificate must be good for the host, and issued under one of these.
    ///
    /// - Parameter authorities: a PEM file; nil for those that the system trusts.
    case tls(authorities: String?)
}

/// How long things take at most, and how often they are tried.
package struct SMPPTiming: Hashable, Sendable {
    package var connecting = Span.seconds(5)
    /// For the answer to one message or to the bind. A message also waits so long at most for a place in the window.
    package var answer = Span.seconds(5)
    package var enquiryInterval = Span.seconds(30)
    package var enquiryAnswer = Span.seconds(10)
    package var firstReconnect = Span.seconds(1)
    package var longestReconnect = Span.seconds(60)
    /// Nothing is sent for so long when the provider says that it is too much; twice as long each next time.
    package var firstThrottle = Span.seconds(1)
    package var longestThrottle = Span.seconds(60)
    /// For the answers that are outstanding, and again for the last one, when the server ends.
    package var farewell = Span.seconds(2)

    package init() {}
}

extension SMPPSettings {
    /// The sender as a telephone shows it.
    package var shownSender: String { (self.sender.type == .international ? "+" : "") + self.sender.text }
}
