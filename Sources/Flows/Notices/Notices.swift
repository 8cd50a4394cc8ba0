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
        for channel in channels {
            let places =
                switch channel {
                case .mail: Self.addresses(of: known, change)
                case .text: try self.numbers(of: user, change, in: store)
                case .voice: [NoticePlace]()
                }
            // Where there is none the same is done, and nothing sent.
            let all: [NoticePlace?] = places.isEmpty ? [nil] : places
            for place in all {
                try self.post(notice, to: place, by: channel, in: known?.language, in: store)
            }
        }
    }

    private static func addresses(of user: User?, _ change: ReachChange) -> [NoticePlace] {
        var addresses: [String] = []
        for address in [change.formerEmail, user?.email].compactMap({ $0 }) where !addresses.contains(address) {
            addresses.append(address)
        }
        return addresses.map { NoticePlace(recipient: $0) }
    }

    private func numbers(
        of user: UserID, _ change: ReachChange, in store: StoreTransaction
    ) throws -> [NoticePlace] {
        var numbers = change.formerNumbers
        for number in try store.phoneNumbers.reachable(of: user)
        where number != change.newNumber && !numbers.contains(number) {
            numbers.append(number)
        }
        return numbers.filter { self.notices.countries?.contains($0.region) ?? true }.map { number in
            NoticePlace(
                recipient: number.e164,
                destination: MessageDestination(region: number.region, prefix: number.carrierPrefix()))
        }
    }

    private func post(
        _ notice: Notice, to place: NoticePlace?, by channel: MessageChannel, in language: String?,
        in store: StoreTransaction
    ) throws {
        var body = MessageBody(recipient: place?.recipient ?? "", language: language ?? "en")
        body.notice = notice.kind
        body.details = .object([.init("at", .integer(notice.at.milliseconds))])
        if channel == .mail, let recovery = notice.details.recovery {
            body.undo = RecoveryLink(id: recovery, proof: store.activationCodes.cancelProof(of: recovery)).text
        }
        let message = OutboxMessage(
            id: self.id(at: notice.at), user: notice.user, channel: channel, template: .notice,
            destination: place?.destination, body: body, created: notice.at,
            expires: notice.at + MessageTimes.noticeLife)
        try store.outbox.add(message, of: notice.kind, isReal: place != nil)
    }
}

/// An address, or a number with where it lies.
private struct NoticePlace {
    let recipient: String
    var destination: MessageDestination?
}
