// PasswordThrottle in conversations: strangers' count, its lock, and what a right password forgives.

import Foundation
import Identity
import Testing
import Time

@Suite struct PasswordThrottleTests {
    @Test("10 wrong: locked until 24 hours after the last counted one")
    func locked() {
        var door = Door()
        for ticket in 1...10 {
            #expect(!door.throttle.isLocked(limits: door.limits, at: door.now))
            #expect(door.stranger() == .admitted(ticket: Int64(ticket)))
            door.now = door.now + .minutes(1)
        }
        let end = door.now - .minutes(1) + .hours(24)
        #expect(door.stranger() == .locked)
        #expect(door.stranger(at: end - .milliseconds(1)) == .locked)
        #expect(door.throttle.isLocked(limits: door.limits, at: end - .milliseconds(1)))
        #expect(!door.throttle.isLocked(limits: door.limits, at: end))
        #expect(door.stranger(at: end) == .admitted(ticket: 11))
    }

    @Test("While locked, asking extends nothing and counts nothing")
    func asking() {
        var door = Door()
        for _ in 1...10 { _ = door.stranger() }
        let before = door.throttle
        for hour in 0..<24 { #expect(door.stranger(at: door.now + .hours(Int64(hour))) == .locked) }
        #expect(door.throttle == before)
        #expect(door.stranger(at: door.now + .hours(24)) == .admitted(ticket: 11))
    }

    @Test("After the lock there are ten tries again")
    func afterTheLock() {
        var door = Door()
        for _ in 1...10 { _ = door.stranger() }
        door.now = door.now + .hours(24)
        for ticket in 11...20 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .locked)
    }

    @Test("Only the tries of 24 hours count")
    func window() {
        var door = Door()
        for _ in 1...9 { _ = door.stranger() }
        door.now = door.now + .hours(24)
        #expect(door.stranger() == .admitted(ticket: 10))
        #expect(!door.throttle.isLocked(limits: door.limits, at: door.now))
        for ticket in 11...19 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .locked)
    }

    @Test("One millisecond before the 24 hours are over they count still")
    func windowEdge() {
        var door = Door()
        for _ in 1...9 { _ = door.stranger() }
        door.now = door.now + .hours(24) - .milliseconds(1)
        #expect(door.stranger() == .admitted(ticket: 10))
        #expect(door.stranger() == .locked)
    }

    @Test("A right password forgives itself and what came before")
    func success() {
        var door = Door()
        for _ in 1...9 { _ = door.stranger() }
        #expect(door.stranger() == .admitted(ticket: 10))
        door.throttle.succeeded(ticket: 10)
        for ticket in 11...20 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .locked)
    }

    @Test("Guesses made in parallel with a right password stay counted")
    func parallel() {
        var door = Door()
        #expect(door.stranger() == .admitted(ticket: 1))  // the owner, whose hash is being computed
        for _ in 2...10 { _ = door.stranger() }
        door.throttle.succeeded(ticket: 1)
        #expect(door.stranger() == .admitted(ticket: 11))
        #expect(door.stranger() == .locked)
    }

    @Test("A right password lifts the lock only as far as its ticket goes")
    func lateSuccess() {
        var door = Door()
        for _ in 1...10 { _ = door.stranger() }
        #expect(door.stranger() == .locked)
        door.throttle.succeeded(ticket: 4)
        #expect(!door.throttle.isLocked(limits: door.limits, at: door.now))
        for ticket in 11...14 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .locked)
    }

    @Test("Outcomes in the wrong order: the older success takes nothing back")
    func disorder() {
        var door = Door(limits: PasswordLimits(total: 12))
        for _ in 1...10 { _ = door.stranger() }
        door.throttle.succeeded(ticket: 10)
        let after = door.throttle
        door.throttle.succeeded(ticket: 3)
        #expect(door.throttle == after)
    }

    @Test("100 over all: the password must be set anew, by whomever, whenever")
    func total() {
        var door = Door()
        for day in 0..<10 {
            for _ in 1...10 { #expect(door.stranger(at: door.now + .days(Int64(2 * day))) != .locked) }
        }
        door.now = door.now + .days(1000)
        var device: DeviceThrottle? = DeviceThrottle()
        let before = door.throttle
        #expect(door.stranger() == .mustBeSetAnew)
        #expect(door.ask(&device) == .mustBeSetAnew)
        #expect(door.throttle == before && device == DeviceThrottle())
    }

    @Test("The tries of known browsers are among the 100")
    func totalOfDevices() {
        var door = Door(limits: PasswordLimits(total: 7))
        for _ in 1...4 { _ = door.stranger() }
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 1...3 { #expect(door.ask(&device) != .mustBeSetAnew) }
        #expect(door.ask(&device) == .mustBeSetAnew)
    }

    @Test("The 100 begin anew after a right password, and count what came after its ticket")
    func totalCleared() {
        var door = Door(limits: PasswordLimits(strangers: 1000))
        for _ in 1...99 { _ = door.stranger() }
        door.throttle.succeeded(ticket: 90)
        for ticket in 100...190 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .mustBeSetAnew)
    }

    @Test("The user is warned two tries before the lock, once, and told of the lock, once")
    func consequences() {
        var door = Door()
        for ticket in 1...10 {
            #expect(door.stranger() == .admitted(ticket: Int64(ticket)))
            let expected: PasswordConsequence? =
                switch ticket {
                case 8: .warned
                case 10: .locked(until: door.now + .hours(24))
                default: nil
                }
            #expect(door.consequence(of: Int64(ticket)) == expected, "\(ticket)")
        }
        // A known browser goes on while strangers are locked out, and is told of no lock of its own.
        var device: DeviceThrottle? = DeviceThrottle()
        #expect(door.ask(&device) == .admitted(ticket: 11))
        #expect(door.consequence(of: 11) == nil)
    }

    @Test("Of the last of all tries the user is told, whoever made it")
    func lastOfAll() {
        var door = Door(limits: PasswordLimits(total: 3))
        var device: DeviceThrottle? = DeviceThrottle()
        for ticket: Int64 in 1...2 {
            _ = door.stranger()
            #expect(door.consequence(of: ticket) == nil)
        }
        #expect(door.ask(&device) == .admitted(ticket: 3))
        #expect(door.consequence(of: 3) == .mustBeSetAnew)
    }

    @Test("The numbers")
    func numbers() {
        #expect(
            PasswordLimits() == PasswordLimits(strangers: 10, window: .hours(24), perDevice: 5, total: 100))
    }

    @Test("What is stored is schema")
    func stored() throws {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        _ = door.stranger()
        door.throttle.succeeded(ticket: 1)
        _ = door.stranger()
        _ = door.ask(&device)
        #expect(
            try json(door.throttle)
                == #"{"clearedThrough":1,"lastTicket":3,"strangers":[{"at":1000000,"ticket":2}]}"#)
        #expect(try json(device) == #"{"tickets":[3]}"#)
        #expect(try decoded(PasswordThrottle.self, from: try json(door.throttle)) == door.throttle)
        #expect(try decoded(DeviceThrottle?.self, from: try json(device)) == device)
    }
}

/// One name's counts and the time, which the test moves.
struct Door {
    var throttle = PasswordThrottle()
    var limits = PasswordLimits()
    var now = Instant(milliseconds: 1_000_000)

    mutating func stranger(at time: Instant? = nil) -> PasswordAdmission {
        var nobody: DeviceThrottle?
        return self.throttle.begin(device: &nobody, limits: self.limits, at: time ?? self.now)
    }

    func consequence(of ticket: Int64) -> PasswordConsequence? {
        self.throttle.consequence(of: ticket, limits: self.limits, at: self.now)
    }

    mutating func ask(_ device: inout DeviceThrottle?) -> PasswordAdmission {
        self.throttle.begin(device: &device, limits: self.limits, at: self.now)
    }
}

private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

private func decoded<Value: Decodable>(_ type: Value.Type, from json: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
}
