// A browser that completed a login before has a count of its own, so that strangers cannot lock the owner out.

import Identity
import Testing
import Time

@Suite struct DeviceThrottleTests {
    @Test("Strangers' lock does not lock a known browser")
    func ownCount() {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 1...10 { _ = door.stranger() }
        #expect(door.stranger() == .locked)
        for ticket in 11...15 { #expect(door.ask(&device) == .admitted(ticket: Int64(ticket))) }
        #expect(door.ask(&device) == .locked)
    }

    @Test("A known browser's tries are no strangers' tries")
    func apart() {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 1...5 { _ = door.ask(&device) }
        for ticket in 6...15 { #expect(door.stranger() == .admitted(ticket: Int64(ticket))) }
        #expect(door.stranger() == .locked)
    }

    @Test("When its 5 are used up it counts as a stranger")
    func usedUp() {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        for ticket in 1...15 { #expect(door.ask(&device) == .admitted(ticket: Int64(ticket))) }
        #expect(door.ask(&device) == .locked)
        #expect(door.stranger() == .locked)
    }

    @Test("Time does not give a used-up browser its 5 back; a right password does")
    func success() {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 1...5 { _ = door.ask(&device) }
        for _ in 6...15 { _ = door.stranger() }
        #expect(door.ask(&device) == .locked)
        door.now = door.now + .hours(24)
        #expect(door.ask(&device) == .admitted(ticket: 16))  // as the first stranger of a new window
        door.throttle.succeeded(ticket: 16)
        for _ in 1...10 { _ = door.stranger() }
        #expect(door.stranger() == .locked)
        for ticket in 27...31 { #expect(door.ask(&device) == .admitted(ticket: Int64(ticket))) }
        #expect(door.ask(&device) == .locked)
    }

    @Test("A success forgives a browser only what was counted up to its ticket")
    func parallel() {
        var door = Door()
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 1...10 { _ = door.stranger() }
        for _ in 11...15 { _ = door.ask(&device) }
        door.throttle.succeeded(ticket: 13)
        for _ in 1...10 { _ = door.stranger() }
        for _ in 1...3 { #expect(door.ask(&device) != .locked) }
        #expect(door.ask(&device) == .locked)
    }

    @Test("Two browsers have two counts")
    func two() {
        var door = Door()
        var first: DeviceThrottle? = DeviceThrottle()
        var second: DeviceThrottle? = DeviceThrottle()
        for _ in 1...10 { _ = door.stranger() }
        for _ in 1...5 { _ = door.ask(&first) }
        #expect(door.ask(&first) == .locked)
        #expect(door.ask(&second) == .admitted(ticket: 16))
    }

    @Test("A browser that is not known for this name is a stranger, and stays one")
    func unknown() {
        var door = Door()
        var device: DeviceThrottle?
        for _ in 1...10 { _ = door.ask(&device) }
        #expect(device == nil)
        #expect(door.ask(&device) == .locked)
    }

    @Test("Any limit holds, small or great", arguments: [0, 1, 16, 17, 18, 40])
    func limit(perDevice: Int) {
        var door = Door(limits: PasswordLimits(perDevice: perDevice))
        var device: DeviceThrottle? = DeviceThrottle()
        for _ in 0..<10 { _ = door.stranger() }
        for _ in 0..<perDevice { #expect(door.ask(&device) != .locked) }
        #expect(door.ask(&device) == .locked)
    }
}
