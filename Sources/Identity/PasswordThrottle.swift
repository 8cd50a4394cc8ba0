package import Time

/// When a password may be tried for one name, whether the name exists or not.
///
/// A try is counted *before* the password is compared and gets a ticket; its outcome comes later, in another
/// transaction. A success clears only what was counted up to its own ticket, so that guesses made in parallel stay
/// counted. A browser that once completed a login of this user has its own small count, so that strangers cannot lock
/// the owner out; when it is used up, the browser counts as a stranger.
package struct PasswordThrottle: Hashable, Sendable, Codable {
    /// One counted try.
    package struct Try: Hashable, Sendable, Codable {
        let ticket: Int64
        let at: Instant
    }

    private var lastTicket: Int64 = 0
    private var clearedThrough: Int64 = 0
    private var strangers: [Try] = []

    package init() {}

    /// Tries since the last right one, from all browsers.
    package var failures: Int64 { self.lastTicket - self.clearedThrough }

    /// Counts a try, or says why the password must not even be compared.
    ///
    /// - Parameter device: the count of the browser that asks, if it is known for this name.
    package mutating func begin(
        device: inout DeviceThrottle?, limits: PasswordLimits, at now: Instant
    ) -> PasswordAdmission {
        guard self.failures < limits.total else { return .mustBeSetAnew }
        if var known = device, known.count(after: self.clearedThrough, through: self.lastTicket) < limits.perDevice {
            let ticket = self.nextTicket()
            known.count(ticket, since: self.clearedThrough)
            device = known
            return .admitted(ticket: ticket)
        }
        guard !self.isLocked(limits: limits, at: now) else { return .locked }
        self.strangers.removeAll { now >= $0.at + limits.window }
        let ticket = self.nextTicket()
        self.strangers.append(Try(ticket: ticket, at: now))
        return .admitted(ticket: ticket)
    }

    /// The try with this ticket was right: it and all before it are forgiven.
    package mutating func succeeded(ticket: Int64) {
        self.clearedThrough = max(self.clearedThrough, ticket)
        self.strangers.removeAll { $0.ticket <= ticket }
    }

    /// The password was set anew: what was tried before was for another one. Tickets go on, so that a try under way then
    /// finds itself forgiven and not taken for a later one.
    package mutating func setAnew() {
        self.clearedThrough = self.lastTicket
        self.strangers = []
    }

    /// Locked until one window after the last counted try. Asking while it is locked extends nothing.
    package func isLocked(limits: PasswordLimits, at now: Instant) -> Bool {
        self.lockEnd(limits: limits, at: now) != nil
    }

    /// When a lock that holds will end.
    package func lockEnd(limits: PasswordLimits, at now: Instant) -> Instant? {
        guard self.strangers.count >= limits.strangers, let last = self.strangers.last else { return nil }
        let end = last.at + limits.window
        return now < end ? end : nil
    }

    /// What the try with this ticket brings, if it is wrong. A known browser's brings no lock; while others are locked out, its
    /// tries are none of the lock's.
    package func consequence(
        of ticket: Int64, limits: PasswordLimits, at now: Instant
    ) -> PasswordConsequence? {
        if self.failures >= limits.total { return .mustBeSetAnew }
        guard self.strangers.last?.ticket == ticket else { return nil }
        if let end = self.lockEnd(limits: limits, at: now) { return .locked(until: end) }
        return limits.strangers - self.strangers.count == limits.warnedAt ? .warned : nil
    }

    /// Support ends the lock. What counts towards the limit over all stays counted.
    package mutating func lift() { self.strangers = [] }

    private mutating func nextTicket() -> Int64 {
        self.lastTicket += 1
        return self.lastTicket
    }
}

/// The count of one browser for one name.
package struct DeviceThrottle: Hashable, Sendable, Codable {
    private var tickets: [Int64] = []

    package init() {}

    /// Tickets of a time whose count was forgotten are above the last one, and count no more.
    func count(after cleared: Int64, through last: Int64) -> Int {
        self.tickets.count { $0 > cleared && $0 <= last }
    }

    /// Keeps what still counts, which is never more than the limit.
    mutating func count(_ ticket: Int64, since cleared: Int64) {
        self.tickets = self.tickets.filter { $0 > cleared } + [ticket]
    }
}

package enum PasswordAdmission: Hashable, Sendable {
    /// Counted. Hand the ticket back with the outcome.
    case admitted(ticket: Int64)
    /// Neither compared nor counted. The answer is that of a wrong password.
    case locked
    case mustBeSetAnew
}

/// What a wrong try brings, beside its answer. The user is told, by notice and never on the page.
package enum PasswordConsequence: Hashable, Sendable {
    case warned
    case locked(until: Instant)
    case mustBeSetAnew
}

/// `reference`: 10 in 24 hours for strangers, 5 for a known browser, 100 over all.
package struct PasswordLimits: Hashable, Sendable {
    package var strangers: Int
    package var window: Span
    package var perDevice: Int
    package var total: Int64
    /// The user is warned when strangers have so many tries left.
    package let warnedAt = 2

    package init(strangers: Int = 10, window: Span = .hours(24), perDevice: Int = 5, total: Int64 = 100) {
        self.strangers = strangers
        self.window = window
        self.perDevice = perDevice
        self.total = total
    }
}
