/// A session, and where and what it was opened from.
package struct PlacedSession: Hashable, Sendable {
    package let session: Session
    /// An IP address, as text.
    package let address: String?
    /// What the browser said of itself.
    package let userAgent: String?

    package init(session: Session, address: String?, userAgent: String?) {
        self.session = session
        self.address = address
        self.userAgent = userAgent
    }
}
