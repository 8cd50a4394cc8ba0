// CardTask: every state × event, the guard, and the stored form.

import Encodings
import Identifiers
import Testing
import Time

@testable import Authenticators

@Suite struct CardTaskTests {
    static let tasks: [CardTask] = [
        .activating(challenge(1)), .provingOldPIN(challenge(1)), .choosingPIN(challenge(1)), .done,
    ]

    @Test("Every state × event", arguments: tasks)
    func walk(task: CardTask) {
        let answered = Self.after(task, .answered(Self.evidence(1)))
        let proven = Self.after(task, .proven(Self.evidence(1), next: Self.challenge(2)))
        let ended = Self.after(task, .ended)
        switch task {
        case .activating:
            #expect((answered, proven, ended) == (.success(.done), .failure(.notNow), .success(.done)))
        case .provingOldPIN:
            #expect((answered, ended) == (.failure(.notNow), .success(.done)))
            #expect(proven == .success(.choosingPIN(Self.challenge(2))))
        case .choosingPIN:
            #expect((answered, ended) == (.success(.done), .success(.done)))
            #expect(proven == .success(.choosingPIN(Self.challenge(2))), "it was the old one")
        case .done: #expect((answered, proven, ended) == (.failure(.notNow), .failure(.notNow), .failure(.notNow)))
        }
    }

    @Test("A proof for another challenge is worth nothing", arguments: tasks.dropLast())
    func guarded(task: CardTask) {
        let (answered, proven) = (
            CardTaskEvent.answered(Self.evidence(2)), CardTaskEvent.proven(Self.evidence(2), next: Self.challenge(3))
        )
        let events =
            switch task {
            case .provingOldPIN: [proven]
            case .choosingPIN: [answered, proven]
            case .activating, .done: [answered]
            }
        for event in events { #expect(Self.after(task, event) == .failure(.evidenceForAnotherChallenge)) }
    }

    @Test("As it is stored", arguments: tasks)
    func stored(task: CardTask) throws {
        #expect(try CardTask(storedText: task.storedText) == task)
        #expect(task.storedText.hasPrefix("{\"\(task.name)\":{"))
    }

    @Test func unknown() {
        #expect(throws: JSONMemberError.unknown("sleeping")) { try CardTask(storedText: #"{"sleeping":{}}"#) }
    }

    private static func after(_ task: CardTask, _ event: CardTaskEvent) -> Result<CardTask, CardTaskError> {
        var task = task
        do throws(CardTaskError) {
            try task.handle(event)
            return .success(task)
        } catch { return .failure(error) }
    }

    static func challenge(_ byte: UInt8) -> CardChallenge {
        CardChallenge(id: self.id(byte), digits: "123456", expires: Instant(milliseconds: 180_000))
    }

    private static func evidence(_ byte: UInt8) -> FactorEvidence {
        FactorEvidence(
            authenticator: Self.id(9), kind: .securityCard, challenge: Self.id(byte), methods: [.oneTimePassword, .pin])
    }

    private static func id<Kind>(_ byte: UInt8) -> Identifier<Kind> {
        Identifier(at: Instant(milliseconds: 1), random: [UInt8](repeating: byte, count: 10))
    }
}
