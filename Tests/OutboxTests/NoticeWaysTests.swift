import Channels
import Identity
import Outbox
import Testing
import Time

/// The table of docs/delivery.md, once more.
@Suite("Which notice goes where")
struct NoticeWaysTests {
    static let table: [NoticeKind: (channels: [MessageChannel], most: Int64)] = [
        .passwordSet: ([.mail, .text], 3), .passwordChanged: ([.mail, .text], 3),
        .passwordRecovered: ([.mail, .text], 3), .passwordLocked: ([.mail], 1), .passwordUnlocked: ([.mail], 3),
        .passwordWarned: ([.mail], 1), .passwordEnded: ([.mail], 1),
        .activationCodeIssued: ([.mail, .text], 3), .recoveryStarted: ([.mail, .text], 3),
        .recoveryCancelled: ([.mail], 3), .recoveryFailed: ([.mail], 1), .authenticatorOrdered: ([.mail, .text], 3),
        .authenticatorShipped: ([.mail], 3), .authenticatorAdded: ([.mail, .text], 3),
        .authenticatorWarned: ([.mail], 1), .authenticatorLocked: ([.mail, .text], 1),
        .authenticatorUnlocked: ([.mail], 3), .authenticatorBlocked: ([.mail, .text], 3),
        .authenticatorUnblocked: ([.mail, .text], 3), .authenticatorDisabled: ([.mail, .text], 3),
        .authenticatorRemoved: ([.mail, .text], 3), .loginDisowned: ([.mail], 1),
        .phoneNumberAdded: ([.mail, .text], 3), .phoneNumberRemoved: ([.mail, .text], 3),
        .pinChanged: ([.mail, .text], 3), .pinSet: ([.mail, .text], 3), .addressChanged: ([.mail, .text], 3),
        .emailChanged: ([.mail, .text], 3), .codeWithheld: ([.mail], 1),
    ]

    @Test("Every kind", arguments: NoticeKind.allCases)
    func table(kind: NoticeKind) throws {
        let expected = try #require(Self.table[kind])
        #expect(kind.ways.channels == expected.channels && kind.ways.mostAnHour == expected.most)
        #expect(kind.ways.channels.contains(.mail), "no kind is told on the pages alone")
        #expect(kind.ways.tellsFormerAddresses == expected.channels.contains(.text))
    }

    @Test("Nobody waits for a notice; for everything else somebody does")
    func urgency() {
        let urgencies = MessageTemplate.allCases.map { ($0.rawValue, $0.urgency.rawValue) }
        #expect(
            Dictionary(uniqueKeysWithValues: urgencies)
                == ["login_code": 0, "number_code": 0, "test": 0, "notice": 1], "schema")
    }
}

@Suite("What becomes of a message that nobody waits for")
struct PatientMessageTests {
    static let start = Instant(milliseconds: 1_767_225_600_000)

    @Test("Its pauses grow to an hour, for a day")
    func pauses() {
        var life = MessageLife(created: Self.start, expires: Self.start + MessageTimes.noticeLife, urgency: .soon)
        let route = MessageRoute(providers: ["relay"], open: ["relay"])
        var now = Self.start
        for pause in [5, 30, 120, 600, 1_800, 3_600, 3_600] as [Int64] {
            #expect(life.handle(.claimed(route, until: now + .seconds(30)), at: now) == [.handOver("relay")])
            _ = life.handle(.postponed(DeliveryFault(.unreachable, ""), retryAfter: nil), at: now)
            let effects = life.handle(.claimed(route, until: now + .seconds(30)), at: now)
            #expect(effects == [.tryAgain(now + .seconds(pause))])
            now = now + .seconds(pause)
        }
        now = Self.start + .hours(24)
        #expect(life.handle(.claimed(route, until: now + .seconds(30)), at: now) == [.record(.expired)])
    }

    @Test("An account that is refused may be mended; a code has no time for that")
    func account() {
        for (urgency, state) in [(MessageUrgency.soon, MessageState.waiting), (.now, .failed)] {
            var life = MessageLife(created: Self.start, expires: Self.start + .minutes(10), urgency: urgency)
            let route = MessageRoute(providers: ["relay"], open: ["relay"])
            _ = life.handle(.claimed(route, until: Self.start + .seconds(30)), at: Self.start)
            _ = life.handle(.refused(DeliveryFault(.account, "AUTH: 535")), at: Self.start)
            _ = life.handle(.claimed(route, until: Self.start + .seconds(30)), at: Self.start)
            #expect(life.state == state)
        }
    }
}
