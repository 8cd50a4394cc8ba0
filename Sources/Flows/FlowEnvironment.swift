// Flows: load, decide, save: one transaction a step. No SQL, no HTTP, no sending.

internal import Audit
package import Identifiers
internal import Identity
package import Storage
package import Time

/// What every flow works with: the store, the clock and randomness, all handed in.
package struct FlowEnvironment: Sendable {
    package let store: Store
    private let clock: @Sendable () -> Instant
    package let random: RandomSource
    /// How users are told of changes.
    let notices: NoticePlan

    package init(
        store: Store, clock: @escaping @Sendable () -> Instant, random: RandomSource,
        notices: NoticePlan = NoticePlan()
    ) {
        self.store = store
        self.clock = clock
        self.random = random
        self.notices = notices
    }

    package func now() -> Instant { self.clock() }
    func secret() -> SecretToken { SecretToken(random: self.random.bytes(32)) }
    func id<Kind>(at now: Instant) -> Identifier<Kind> { Identifier(at: now, random: self.random.bytes(10)) }
}

/// Where a request came from.
package struct RequestOrigin: Hashable, Sendable {
    /// The address as text, for people; and its network, for counting: IPv4, or the /64 of IPv6.
    package let address: String?
    package let network: String?
    package let request: RequestID?
    /// What the browser says of itself. Anybody may say anything: it is shown to the user, and nothing hangs on it.
    package let userAgent: String?
    /// What whoever asks reads, as a BCP 47 tag: in it messages are written that the request leads to.
    package var language: String?
    /// Whether he has chosen it on a page of ours.
    package var isLanguageChosen = false
    /// What his browser asks for, whatever the page is in.
    package var browserLanguage: String?

    package init(
        address: String? = nil, network: String? = nil, request: RequestID? = nil, userAgent: String? = nil,
        language: String? = nil
    ) {
        self.address = address
        self.network = network
        self.request = request
        self.userAgent = userAgent
        self.language = language
        self.browserLanguage = language
    }
}

extension FlowEnvironment {
    /// Writes what was decided into the audit trail, in the transaction of the decision.
    func record(
        _ notes: some Sequence<AuditNote>, context: AuditContext, in transaction: StoreTransaction, at now: Instant
    ) throws {
        try transaction.audit.add(
            notes.map { AuditEntry(id: self.id(at: now), at: now, note: $0, context: context) })
    }
}

extension AuditContext {
    init(
        _ origin: RequestOrigin, user: UserID? = nil, login: LoginID? = nil, application: ApplicationID? = nil
    ) {
        self.init(
            user: user, login: login, application: application, address: origin.address, request: origin.request)
    }
    /// What somebody of the staff did for a user.
    init(_ origin: RequestOrigin, by action: StaffAction, for user: UserID?) {
        self.init(
            user: user, address: origin.address, request: origin.request, actor: action.name.text,
            explanation: action.reason)
    }
}
