internal import Channels
internal import Encodings
internal import Identifiers
internal import Identity
internal import Outbox
internal import PhoneNumbers
internal import Storage
internal import Time

/// Telling users what changed in how they sign in (security rule 6), in the transaction of the change itself: there is no
/// change without its notice, and no notice of a change that was rolled back.
extension FlowEnvironment {
    /// Adds a notice to the account's pages, and a message to the outbox for each way that the table of kinds, the firm's
    /// plan and what is known of the user allow.
    func tell(
        _ user: UserID, _ kind: NoticeKind, _ details: NoticeDetails = NoticeDetails(),
        after change: ReachChange = ReachChange(), in store: StoreTransaction, at now: Instant
    ) throws {
        let notice = Notice(id: self.id(at: now), user: user, at: now, kind: kind, details: details)
        try store.notices.add(notice)
        let channels = kind.ways.channels.filter(self.notices.channels.contains)
        guard !channels.isEmpty else { return }
        let known = try store.users.find(user)
        if channels.contains(.mail) { try self.mail(notice, to: known, in: store) }
        if channels.contains(.text) { try self.text(notice, in: known?.language, after: change, in: store) }
    }

    private func mail(_ notice: Notice, to user: User?, in store: StoreTransaction) throws {
        var addresses =
            notice.kind.ways.tellsFormerAddresses
            ? try store.users.formerEmails(of: notice.user, at: notice.at) : []
        if let email = user?.email, !addresses.contains(email) { addresses.append(email) }
        // Where there is none the same is done, and nothing sent.
        let all: [String?] = addresses.isEmpty ? [nil] : addresses
        for address in all {
            var body = Self.body(of: notice, to: address ?? "", in: user?.language)
            if let recovery = notice.details.recovery {
                body.undo = RecoveryLink(id: recovery, proof: store.activationCodes.cancelProof(of: recovery)).text
            }
            let message = self.message(body, of: notice, by: .mail)
            try store.outbox.add(message, of: notice.kind, isReal: address != nil)
        }
    }

    /// Nobody brings a text about before the password is right, so what is done here may depend on what the user has.
    private func text(
        _ notice: Notice, in language: String?, after change: ReachChange, in store: StoreTransaction
    ) throws {
        let numbers = try self.numbers(of: notice.user, change, in: store)
        // All of them first, in one order for everybody: the rows that everybody shares come last.
        for number in numbers.map(\.e164).sorted() { try store.sendingCounts.lock(number) }
        for number in numbers {
            let destination = MessageDestination(number)
            let body = Self.body(of: notice, to: number.e164, in: language)
            let message = self.message(body, of: notice, at: destination, by: .text)
            guard try store.outbox.hasRoom(for: message, of: notice.kind),
                try self.takes(destination, number, in: store, at: notice.at)
            else { continue }
            try store.outbox.add(message, of: notice.kind, isReal: true)
        }
    }

    /// Whether one more text may go to a number, which counts it. None does to a block of numbers that is stopped.
    private func takes(
        _ destination: MessageDestination, _ number: PhoneNumber, in store: StoreTransaction, at now: Instant
    ) throws -> Bool {
        let limits = self.notices.limits
        guard try store.outbox.notices(to: number.e164, since: now - .hours(24)) < limits.noticesPerNumberDay else {
            return false
        }
        if limits.conversion != nil,
            try store.conversions.watches(ofBlock: destination.prefix).contains(where: { $0.watch.stop(at: now) != nil }
            )
        {
            return false
        }
        return try store.sendingCounts.take(destination.counts, within: limits, for: .login, by: .text, at: now)
    }

    private func numbers(
        of user: UserID, _ change: ReachChange, in store: StoreTransaction
    ) throws -> [PhoneNumber] {
        var numbers = change.formerNumbers
        for number in try store.phoneNumbers.reachable(of: user)
        where number != change.newNumber && !numbers.contains(number) {
            numbers.append(number)
        }
        return numbers.filter { self.notices.countries?.contains($0.region) ?? true }
    }

    private static func body(of notice: Notice, to recipient: String, in language: String?) -> MessageBody {
        var body = MessageBody(recipient: recipient, language: language ?? "en")
        body.notice = notice.kind
        body.details = .object([.init("at", .integer(notice.at.milliseconds))])
        return body
    }

    private func message(
        _ body: MessageBody, of notice: Notice, at destination: MessageDestination? = nil, by channel: MessageChannel
    ) -> OutboxMessage {
        OutboxMessage(
            id: self.id(at: notice.at), user: notice.user, channel: channel, template: .notice,
            destination: destination, body: body, created: notice.at, expires: notice.at + MessageTimes.noticeLife)
    }
}
