// The life of a card: every state × event, and what the guards refuse.

import Audit
import Identifiers
import Testing
import Time

@testable import Authenticators

@Suite struct CardLifeTests {
    static let now = Instant(milliseconds: 1_767_225_600_000)
    static let shipped = CardShipment(at: now, activateBy: now + .days(14))
    static let states: [String: CardState] = [
        "stock": .stock, "ordered": .ordered, "shipped": .shipped(shipped),
        "overdue": .shipped(CardShipment(at: now - .days(14), activateBy: now)),
        "active": .active, "blocked": .blocked(CardBlock(by: .staff, at: now)), "disabled": .disabled,
        "lost": .lost, "returned": .returned, "cancelled": .cancelled,
    ]
    static let events: [String: CardEvent] = [
        "ordered": .ordered(by: .multiFactor, mustChangePIN: false), "shipped": .shipped,
        "activated": .activated(evidence(), answering: challenge, by: .multiFactor),
        "activationExtended": .activationExtended, "blocked": .blocked(by: .user), "unblocked": .unblocked,
        "pinChanged": .pinChanged(evidence(), answering: challenge), "pinSet": .pinSet,
        "reportedLost": .reportedLost, "returned": .returned, "cancelled": .cancelled, "disabled": .disabled,
    ]
    /// For each state the events that it takes, with the state that follows. All others are refused.
    static let table: [String: [String: String]] = [
        "stock": ["ordered": "ordered"],
        "ordered": ["shipped": "shipped", "pinSet": "ordered", "cancelled": "cancelled"],
        "shipped": [
            "activated": "active", "activationExtended": "shipped", "pinSet": "shipped", "reportedLost": "lost",
            "returned": "returned", "disabled": "disabled",
        ],
        "overdue": [
            "activationExtended": "shipped", "pinSet": "overdue", "reportedLost": "lost", "returned": "returned",
            "disabled": "disabled",
        ],
        "active": [
            "blocked": "blocked", "pinChanged": "active", "pinSet": "active", "reportedLost": "lost",
            "returned": "returned", "disabled": "disabled",
        ],
        "blocked": [
            "unblocked": "active", "pinSet": "blocked", "reportedLost": "lost", "returned": "returned",
            "disabled": "disabled",
        ],
        "disabled": ["reportedLost": "lost", "returned": "returned"],
        "lost": ["returned": "returned"],
        "returned": [:],
        "cancelled": [:],
    ]

    @Test("Every state × event", arguments: states.keys.sorted(), events.keys.sorted())
    func pair(state: String, event: String) throws {
        var life = try self.life(state)
        let before = life
        #expect(life.state(at: Self.now).name == state)
        let happening = try #require(Self.events[event])
        #expect(happening.name == event)
        guard let next = try #require(Self.table[state])[event] else {
            let error: CardLifeError =
                state == "overdue" && event == "activated" ? .overdue : .notNow(event: event, state: state)
            #expect(throws: error) { try life.handle(happening, at: Self.now) }
            #expect(life == before)
            return
        }
        let effects = try life.handle(happening, at: Self.now)
        #expect(life.state(at: Self.now).name == next)
        let notes = effects.compactMap { if case .record(let note) = $0 { note } else { nil } }
        #expect(notes.map(\.authenticator) == [Self.card], "every change is recorded, once")
        // Who counts the wrong answers tells of a disabled card.
        let told = effects.count { if case .tell = $0 { true } else { false } }
        #expect(told == (event == "disabled" ? 0 : 1), "and told, once")
    }

    @Test("What ends the user's other sessions", arguments: states.keys.sorted(), events.keys.sorted())
    func sessions(state: String, event: String) throws {
        var life = try self.life(state)
        let happening = try #require(Self.events[event])
        let effects = (try? life.handle(happening, at: Self.now)) ?? []
        let ends: [String: Set<String>] = [
            "shipped": ["activated", "pinSet"],
            "active": ["blocked", "pinChanged", "pinSet", "reportedLost", "returned"],
            "blocked": ["pinSet", "reportedLost", "returned"], "disabled": ["reportedLost", "returned"],
            "ordered": ["pinSet"], "overdue": ["pinSet"],
        ]
        #expect(effects.contains(.endOtherSessions) == (ends[state]?.contains(event) ?? false))
    }

    @Test("14 days to activate; then it is overdue, until the staff gives as many again")
    func overdue() throws {
        var life = try self.life("ordered")
        _ = try life.handle(.shipped, at: Self.now)
        let end = Self.now + .days(14)
        #expect(life.state(at: end - .milliseconds(1)) == .shipped(CardShipment(at: Self.now, activateBy: end)))
        #expect(life.state(at: end) == .overdue(CardShipment(at: Self.now, activateBy: end)))
        let activation = CardEvent.activated(Self.evidence(), answering: Self.challenge, by: .multiFactor)
        #expect(throws: CardLifeError.overdue) { try life.handle(activation, at: end) }
        _ = try life.handle(.activationExtended, at: end + .days(1))
        #expect(
            life.state(at: end + .days(1)) == .shipped(CardShipment(at: Self.now, activateBy: end + .days(15))))
        _ = try life.handle(activation, at: end + .days(15) - .milliseconds(1))
        #expect(life.state(at: end + .days(100)) == .active)
    }

    @Test("Only a proof of this card, for the challenge that it was asked")
    func evidence() throws {
        let other = try #require(ChallengeID("000000000000000000000000000000c2"))
        let otherCard = try #require(AuthenticatorID("000000000000000000000000000000cb"))
        for (state, make) in [
            ("shipped", { CardEvent.activated($0, answering: $1, by: .multiFactor) }),
            ("active", { CardEvent.pinChanged($0, answering: $1) }),
        ] as [(String, (FactorEvidence, ChallengeID) -> CardEvent)] {
            for event in [make(Self.evidence(), other), make(Self.evidence(of: otherCard), Self.challenge)] {
                var life = try self.life(state)
                #expect(throws: CardLifeError.evidenceForAnotherChallenge) { try life.handle(event, at: Self.now) }
                #expect(life.state(at: Self.now).name == state)
            }
        }
    }

    @Test(
        "What a card is worth that was bound by a weaker factor",
        arguments: [
            (.multiFactor, .multiFactor, .multiFactor, nil), (.multiFactor, .singleFactor, .singleFactor, .hours(72)),
            (.singleFactor, .multiFactor, .singleFactor, .hours(72)),
            (.singleFactor, .singleFactor, .singleFactor, .hours(72)),
        ] as [(BindingStrength, BindingStrength, BindingStrength, Span?)])
    func waiting(order: BindingStrength, activation: BindingStrength, weaker: BindingStrength, limit: Span?) throws {
        var life = CardLife(stock: Self.card, validity: CardValidity())
        _ = try life.handle(.ordered(by: order, mustChangePIN: false), at: Self.now)
        _ = try life.handle(.shipped, at: Self.now)
        let later = Self.now + .days(3)
        _ = try life.handle(.activated(Self.evidence(), answering: Self.challenge, by: activation), at: later)
        #expect(life.binding.strength == weaker)
        #expect(life.binding.limitedUntil == limit.map { later + $0 })
        #expect(life.binding.isLimited(at: later + .hours(72) - .milliseconds(1)) == (limit != nil))
        #expect(!life.binding.isLimited(at: later + .hours(72)))
    }

    @Test("Whose PIN somebody else knows must be changed, until it was")
    func pin() throws {
        var life = CardLife(stock: Self.card, validity: CardValidity())
        _ = try life.handle(.ordered(by: .singleFactor, mustChangePIN: true), at: Self.now)
        _ = try life.handle(.shipped, at: Self.now)
        _ = try life.handle(.activated(Self.evidence(), answering: Self.challenge, by: .multiFactor), at: Self.now)
        #expect(life.binding.pinMustChange)
        _ = try life.handle(.pinChanged(Self.evidence(), answering: Self.challenge), at: Self.now)
        #expect(!life.binding.pinMustChange)
        _ = try life.handle(.pinSet, at: Self.now)
        #expect(life.binding.pinMustChange)
    }

    @Test("A PIN that the staff sets limits a card in use for 72 hours, and never shortens a limit")
    func pinLimit() throws {
        let waiting = Self.now + .hours(72)
        for (earlier, expected) in [
            (nil, waiting), (Self.now - .days(1), waiting), (Self.now + .hours(1), waiting),
            (Self.now + .days(9), Self.now + .days(9)),
        ] as [(Instant?, Instant)] {
            for state in ["active", "blocked"] {
                var life = CardLife(
                    card: Self.card, state: try #require(Self.states[state]), validity: CardValidity(),
                    binding: CardBinding(strength: .multiFactor, limitedUntil: earlier))
                _ = try life.handle(.pinSet, at: Self.now)
                #expect(life.binding.limitedUntil == expected && life.binding.strength == .multiFactor)
            }
        }
        for state in ["ordered", "shipped", "overdue"] {
            var life = CardLife(
                card: Self.card, state: try #require(Self.states[state]), validity: CardValidity(),
                binding: CardBinding(strength: .multiFactor))
            _ = try life.handle(.pinSet, at: Self.now)
            #expect(life.binding.limitedUntil == nil, "its activation decides")
        }
    }

    @Test("Whatever its user or the staff does with it, the limit stays")
    func limitStays() throws {
        var life = CardLife(
            card: Self.card, state: .active, validity: CardValidity(), binding: CardBinding(strength: .multiFactor))
        let until = Self.now + .hours(72)
        _ = try life.handle(.pinSet, at: Self.now)
        for event in [
            CardEvent.pinChanged(Self.evidence(), answering: Self.challenge), .blocked(by: .user), .unblocked,
            .pinChanged(Self.evidence(), answering: Self.challenge),
        ] {
            _ = try life.handle(event, at: Self.now + .hours(1))
            #expect(life.binding.limitedUntil == until, "\(event.name)")
        }
        #expect(!life.binding.pinMustChange && life.binding.isLimited(at: until - .milliseconds(1)))
    }

    @Test("Outside its dates a card is neither ordered, activated nor given a PIN by its user")
    func dates() throws {
        let (early, late) = (CardValidity(start: Self.now + .days(1)), CardValidity(end: Self.now))
        for (state, event, validity, isRefused) in [
            ("stock", "ordered", late, true), ("stock", "ordered", early, false), ("shipped", "activated", late, true),
            ("shipped", "activated", early, true), ("active", "pinChanged", late, true),
            ("active", "pinChanged", early, true), ("active", "reportedLost", late, false),
        ] {
            var life = CardLife(
                card: Self.card, state: try #require(Self.states[state]), validity: validity, binding: CardBinding())
            let happening = try #require(Self.events[event])
            if isRefused {
                #expect(throws: CardLifeError.outsideItsDates) { try life.handle(happening, at: Self.now) }
            } else {
                #expect(throws: Never.self) { try life.handle(happening, at: Self.now) }
            }
        }
    }

    @Test("From its start, until its end")
    func validity() {
        let validity = CardValidity(start: Self.now, end: Self.now + .days(1))
        #expect(!validity.contains(Self.now - .milliseconds(1)))
        #expect(validity.contains(Self.now))
        #expect(validity.contains(Self.now + .days(1) - .milliseconds(1)))
        #expect(!validity.contains(Self.now + .days(1)))
        #expect(CardValidity().contains(Self.now))
    }

    @Test("What is stored of a state, and what it means")
    func names() throws {
        for (name, state) in Self.states {
            let current = try self.life(name).state(at: Self.now)
            #expect(current.name == name)
            #expect(current.status?.rawValue == (name == "stock" ? nil : name == "overdue" ? "shipped" : name))
            #expect(state.status == current.status)
            #expect(current.isUnderWay == ["ordered", "shipped", "overdue"].contains(name))
        }
        #expect(CardBlocker.allCases.map(\.rawValue) == ["user", "staff"])
        #expect(BindingStrength.allCases.map(\.rawValue) == ["single_factor", "restricted_factor", "multi_factor"])
        #expect(CardLimits() == CardLimits(activation: .days(14), waiting: .hours(72)))
    }

    static let card = AuthenticatorID(at: now, random: [UInt8](repeating: 1, count: 10))
    static let challenge = ChallengeID(at: now, random: [UInt8](repeating: 2, count: 10))

    static func evidence(of card: AuthenticatorID = card) -> FactorEvidence {
        FactorEvidence(
            authenticator: card, kind: .securityCard, challenge: self.challenge, methods: [.oneTimePassword, .pin])
    }

    private func life(_ state: String) throws -> CardLife {
        CardLife(
            card: Self.card, state: try #require(Self.states[state]), validity: CardValidity(),
            binding: CardBinding(strength: .multiFactor))
    }
}

extension CardLifeTests {
    @Test(
        "What a user is offered is what the card takes from him, no less and no more", arguments: states.keys.sorted())
    func offered(state: String) throws {
        let events: [UserCardStep: String] = [
            .activate: "activated", .changePIN: "pinChanged", .block: "blocked", .reportLost: "reportedLost",
            .takeBack: "returned", .cancel: "cancelled",
        ]
        let steps = try self.life(state).state(at: Self.now).userSteps
        #expect(Set(steps).count == steps.count)
        for step in UserCardStep.allCases {
            let event = try #require(events[step])
            #expect(steps.contains(step) == (Self.table[state]?[event] != nil), "\(step)")
        }
    }
}
