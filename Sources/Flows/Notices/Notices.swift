internal import Identifiers
internal import Identity
internal import Storage
internal import Time

/// Telling users what changed in how they sign in (security rule 6), in the transaction of the change itself: there is no
/// change without its notice, and no notice of a change that was rolled back.
extension FlowEnvironment {
    func tell(
        _ user: UserID, _ kind: NoticeKind, _ details: NoticeDetails = NoticeDetails(), in store: StoreTransaction,
        at now: Instant
    ) throws {
        try store.notices.add(Notice(id: self.id(at: now), user: user, at: now, kind: kind, details: details))
    }
}
