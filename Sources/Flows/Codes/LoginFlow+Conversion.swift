internal import Audit
internal import Authenticators
internal import Identifiers
internal import Outbox
internal import PhoneNumbers
internal import Storage
internal import Time

/// How many codes are used of those that are sent: counted when a provider has taken them and in the step that accepts them,
/// and looked at before each code.
extension LoginFlow {
    /// A code was typed, and was right. Written last: these rows are shared by everybody.
    func countUsed(
        _ challenge: ChallengeID, for purpose: CodePurpose, of number: PhoneNumber, in store: StoreTransaction
    ) throws {
        try store.conversions.countUsed(CountedCode(challenge, for: purpose, to: MessageDestination(number)))
    }

    /// Whether no code of this purpose goes to a block of numbers, as it stood or by what is seen now. Of several who see it
    /// at once one stops it.
    func isStopped(
        _ purpose: CodePurpose, to destination: MessageDestination, in store: StoreTransaction, at now: Instant
    ) throws -> Bool {
        guard let rule = self.limits.sending.conversion else { return false }
        let block = try store.conversions.watch(of: .block(destination, purpose))
        guard block.watch.stop(at: now) == nil else { return true }
        let isStopped = try self.look(at: block, rule.block, stoppingFor: rule.stopLasts, rule, in: store, at: now)
        let firm = try store.conversions.watch(of: .firm(purpose))
        _ = try self.look(at: firm, rule.firm, stoppingFor: rule.window, rule, in: store, at: now)
        return isStopped
    }

    private func look(
        at stored: StoredBlockWatch, _ threshold: ConversionRule.Threshold, stoppingFor span: Span?,
        _ rule: ConversionRule, in store: StoreTransaction, at now: Instant
    ) throws -> Bool {
        guard let slots = rule.slots(since: stored.watch.opened(at: now), at: now) else { return false }
        var watch = stored.watch
        let count = try store.conversions.count(of: stored.scope, in: slots)
        guard watch.look(at: count, by: threshold, stoppingFor: span, at: now) else { return false }
        if try store.conversions.save(watch, over: stored) {
            try self.record(count, of: stored.scope, in: store, at: now)
        }
        return true
    }

    private func record(
        _ count: ConversionCount, of scope: ConversionScope, in store: StoreTransaction, at now: Instant
    ) throws {
        let counted = "\(count.used) of \(count.sent) \(scope.purpose.rawValue) codes used"
        let (event, explanation): (AuditEvent, String) =
            switch scope {
            case .block(let block, _): (.blockStopped, "\(block.prefix) (\(block.region)): \(counted)")
            case .firm: (.conversionFell, counted)
            }
        let context = AuditContext(actor: "delivery", explanation: explanation)
        try self.environment.record(
            [AuditNote(event, .failure, reason: .fewUsed)], context: context, in: store, at: now)
    }
}

extension MessageDestination {
    init(_ number: PhoneNumber) { self.init(region: number.region, prefix: number.carrierPrefix()) }
}
