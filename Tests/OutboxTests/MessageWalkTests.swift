import Channels
import Encodings
import Outbox
import Testing
import Time

/// Every state meets every event.
@Suite("A walk over every state and event")
struct MessageWalkTests {
    typealias Talk = MessageLifeTests.Talk

    static func reached(_ state: MessageState) -> Talk {
        var talk = Talk("acme", "other")
        switch state {
        case .waiting: break
        case .attempting: _ = talk.claim()
        case .sent: _ = talk.sent()
        case .delivered:
            _ = talk.sent()
            _ = talk.hear(.delivered)
        case .failed:
            _ = talk.sent()
            _ = talk.hear(.undeliverable)
        case .expired: _ = talk.say(.timeUp)
        case .withdrawn: _ = talk.say(.withdrawn)
        }
        return talk
    }

    static let events: [(name: String, event: MessageEvent)] = [
        (
            "claimed",
            .claimed(
                MessageRoute(providers: ["acme"], open: ["acme"]), until: MessageLifeTests.start + .seconds(30))
        ),
        ("accepted", .accepted(reference: "r9", cost: 1)),
        ("refused", .refused(MessageLifeTests.unreachable)),
        ("postponed", .postponed(MessageLifeTests.unreachable, retryAfter: nil)),
        ("unanswered", .unanswered(MessageLifeTests.lost)),
        ("leaseEnded", .leaseEnded), ("timeUp", .timeUp), ("withdrawn", .withdrawn), ("unreadable", .unreadable),
        ("underWay", .reported(.buffered, detail: nil, at: nil)),
        ("arrived", .reported(.delivered, detail: nil, at: nil)),
        ("lost", .reported(.undeliverable, detail: nil, at: nil)),
        ("disowned", .reported(.notRequested, detail: nil, at: nil)),
        ("unknown", .reported(.unknown, detail: nil, at: nil)),
        ("putBack", .putBack(until: MessageLifeTests.start + .seconds(1))),
    ]

    /// Where each state goes by each event; a dot is where it stays.
    static let table: [MessageState: String] = [
        .waiting: "attempting . . . . . expired withdrawn failed . . . withdrawn . .",
        .attempting: ". sent waiting waiting waiting waiting . . . . . . . . waiting",
        .sent: ". . . . . . . . . . delivered failed failed . .",
        .delivered: ". . . . . . . . . . . . . . .",
        .failed: ". . . . . . . . . . delivered . . . .",
        .expired: ". . . . . . . . . . . . . . .",
        .withdrawn: ". . . . . . . . . . . . . . .",
    ]

    @Test(arguments: MessageState.allCases)
    func walk(state: MessageState) throws {
        let ends = try #require(Self.table[state]).split(separator: " ")
        #expect(ends.count == Self.events.count)
        for ((name, event), end) in zip(Self.events, ends) {
            var talk = Self.reached(state)
            #expect(talk.life.state == state)
            let effects = talk.say(event)
            let expected = end == "." ? state : MessageState(rawValue: String(end))
            #expect(talk.life.state == expected, "\(state) by \(name)")
            #expect(effects.contains(.disowned) == (name == "disowned"), "\(state) by \(name)")
            #expect((talk.life.due == nil) == !talk.life.needsBody, "only what may still be sent is due")
            #expect((talk.life.ended == nil) == [.waiting, .attempting, .sent].contains(talk.life.state))
        }
    }

    @Test("What it is made of is stored and read as it was")
    func stored() throws {
        var talk = Talk("first", "second")
        _ = talk.claim()
        _ = talk.say(.refused(MessageLifeTests.unreachable))
        _ = talk.claim()
        _ = talk.say(.postponed(MessageLifeTests.unreachable, retryAfter: .seconds(4)))
        #expect(try MessageTries(storedText: talk.life.tries.storedText) == talk.life.tries)
        _ = talk.claim()
        #expect(
            talk.life.tries.storedText
                == #"{"pauses":[{"provider":"second","until":1767225604000}],"refused":["first"],"rounds":1}"#)
        #expect(try MessageTries(storedText: talk.life.tries.storedText) == talk.life.tries)
        #expect(try MessageTries(storedText: "{}") == MessageTries())
    }

    @Test("The raw values are schema")
    func schema() {
        #expect(
            MessageState.allCases.map(\.rawValue)
                == ["waiting", "attempting", "sent", "delivered", "failed", "expired", "withdrawn"])
        #expect(MessageChannel.allCases.map(\.rawValue) == ["text", "voice", "mail"])
        #expect(MessageTemplate.allCases.map(\.rawValue) == ["login_code", "number_code", "notice", "test"])
    }
}
