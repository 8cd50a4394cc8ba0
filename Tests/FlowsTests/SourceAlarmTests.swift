import Flows
import TestWorld
import Testing
import Time

@Suite("Failures by source")
struct SourceAlarmTests {
    @Test("Each source raises one alarm an hour, at its limit", arguments: StoreKind.allCases)
    func alarms(kind: StoreKind) async throws {
        var limits = LoginLimits()
        (limits.sources.perAddress, limits.sources.perApplication, limits.sources.firm) = (3, 5, 7)
        try await World.with(kind, limits: limits) { world in
            for number in 1...9 {
                let client = number <= 4 ? "portal" : "desk"
                let address = number <= 4 ? "192.0.2.1" : "192.0.2.\(number)"
                world.clock.advance(.milliseconds(1))
                let origin = RequestOrigin(address: address, network: address)
                _ = try await world.submit(try await world.start(client), "name-\(number)", "wrong", origin: origin)
                let alarms = try await world.audit().filter { $0.hasPrefix("source.alarm") }
                switch number {
                case ..<3: #expect(alarms == [])
                case 3..<7: #expect(alarms == ["source.alarm failure address"])
                case 7..<9: #expect(alarms == ["source.alarm failure address", "source.alarm failure firm"])
                default: #expect(alarms.last == "source.alarm failure application" && alarms.count == 3)
                }
            }
            world.clock.advance(.hours(1))
            for _ in 1...3 { _ = try await world.submit(try await world.start(), "nobody", "wrong") }
            #expect(try await world.audit().count { $0 == "source.alarm failure address" } == 2)
        }
    }

    @Test("Wrong responses count as failures too, right ones do not", arguments: StoreKind.allCases)
    func responses(kind: StoreKind) async throws {
        var limits = LoginLimits()
        limits.sources.perAddress = 2
        try await World.with(kind, limits: limits) { world in
            _ = try await world.logIn()
            #expect(try await world.dump()["source_count"].isEmpty)
            let (ticket, challenge) = try await world.challenged()
            let backend = try await world.application("backend")
            let check = try await world.factorChecked("dave", by: backend)
            _ = try await world.respond(ticket, try Firm.alice.wrongResponse(to: challenge))
            _ = try await world.factorCheck.respond(
                to: check.ticket, with: try Firm.dave.wrongResponse(to: check.challenge), of: backend,
                origin: World.origin)
            #expect(try await world.audit().contains("source.alarm failure address"))
        }
    }
}
