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
