internal import SQL
package import Time

/// The store could not serve a step, through no fault of the request. Nothing was changed; it may be tried again.
package struct StoreFault: Hashable, Sendable {
    package let retryAfter: Span

    /// nil for an error that is no fault of the store.
    package init?(_ error: any Error) {
        switch error {
        case SQLError.unavailable, SQLError.closed, SQLError.full, SQLError.readOnly: self.retryAfter = .seconds(5)
        case SQLError.conflict: self.retryAfter = .seconds(1)
        default: return nil
        }
    }
}
