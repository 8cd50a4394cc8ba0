import Synchronization
import Time

/// The one place where the carrier's state is, for all doors and pages. It wakes who waits for a change, and sees to it that
/// what is due is done.
final class Exchange: Sendable {
    /// What goes out of the house.
    typealias Sender = @Sendable (Receipt) async -> Void

    private struct Content {
        var carrier = Carrier()
        var version = 1
        var lines: [Int: @Sendable (CallCommand) -> Void] = [:]
        var receipts: [Receipt] = []
    }

    let now: @Sendable () -> Instant
    let bell = Bell()
    private let content = Mutex(Content())

    /// - Parameter now: the wall clock; tests move their own.
    init(now: @escaping @Sendable () -> Instant) { self.now = now }

    /// Grows with every change.
    var version: Int { self.content.withLock { $0.version } }

    func read<Result: Sendable>(_ body: (Carrier) -> Result) -> Result { self.content.withLock { body($0.carrier) } }

    /// The state, and the version that it has.
    func snapshot() -> (carrier: Carrier, version: Int) { self.content.withLock { ($0.carrier, $0.version) } }

    @discardableResult
    func act<Result: Sendable>(_ body: (inout Carrier, Instant) -> (Result, [Carrier.Effect])) -> Result {
        let now = self.now()
        let (result, commands) = self.content.withLock { content in
            let (result, effects) = body(&content.carrier, now)
            content.version += 1
            let due = content.carrier.advance(to: now)
            return (result, Self.sort(effects + due, &content))
        }
        for command in commands { command() }
        self.bell.ring()
        return result
    }

    @discardableResult
    func change<Result: Sendable>(_ body: (inout Carrier, Instant) -> Result) -> Result {
        self.act { carrier, now in (body(&carrier, now), []) }
    }

    /// What the telephone does goes to whoever holds the line.
    func connect(_ call: Int, _ line: @escaping @Sendable (CallCommand) -> Void) {
        self.content.withLock { $0.lines[call] = line }
    }

    func disconnect(_ call: Int) { self.content.withLock { $0.lines[call] = nil } }

    /// Does what is due now, and hands out the receipts.
    func advance() -> [Receipt] {
        let now = self.now()
        let (receipts, commands, isChanged) = self.content.withLock { content in
            let isDue = content.carrier.agenda.next.map { $0 <= now } ?? false
            let commands = Self.sort(content.carrier.advance(to: now), &content)
            if isDue { content.version += 1 }
            defer { content.receipts = [] }
            return (content.receipts, commands, isDue)
        }
        for command in commands { command() }
        if isChanged { self.bell.ring() }
        return receipts
    }

    /// Until it is cancelled. Receipts go out in the order in which they are due, and one that hangs holds none up.
    func run(sending send: @escaping Sender) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let rings = self.bell.listen()
                for receipt in self.advance() { group.addTask { await send(receipt) } }
                let next = self.read { $0.agenda.next }
                await Self.first(of: rings, or: next.map { $0 - self.now() })
            }
            group.cancelAll()
        }
    }

    /// Waits until something changed since this version; false when nothing did for so long.
    func change(after version: Int, within time: Span) async -> Bool {
        let end = ContinuousClock.now + .milliseconds(time.milliseconds)
        while true {
            let rings = self.bell.listen()
            guard self.version <= version else { return true }
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            guard left > 0, !Task.isCancelled else { return false }
            await Self.first(of: rings, or: .milliseconds(Int64(left.rounded(.up))))
        }
    }

    /// The stream is of no use afterwards: a task that is cancelled ends it.
    private static func first(of rings: AsyncStream<Void>, or time: Span?) async {
        await withTaskGroup { group in
            group.addTask { for await _ in rings { return } }
            if let time {
                group.addTask { try? await Task.sleep(for: .milliseconds(max(0, time.milliseconds))) }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Receipts wait for ``advance()``; commands are what to do once the lock is free.
    private static func sort(_ effects: [Carrier.Effect], _ content: inout Content) -> [@Sendable () -> Void] {
        var commands: [@Sendable () -> Void] = []
        for effect in effects {
            switch effect {
            case .send(let receipt): content.receipts.append(receipt)
            case .command(let command, let call):
                if let line = content.lines[call] { commands.append { line(command) } }
            }
        }
        return commands
    }
}
