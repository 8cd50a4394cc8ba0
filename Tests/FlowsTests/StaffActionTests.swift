import Flows
import Identifiers
import Identity
import Testing
import Time

@Suite("Staff actions")
struct StaffActionTests {
    private func action(_ reason: String) throws -> StaffAction {
        let id = UserID(at: Instant(milliseconds: 1), random: [UInt8](repeating: 1, count: 10))
        return try StaffAction(staff: id, name: try UserName("helen"), reason: reason)
    }

    @Test(
        "Refused reasons",
        arguments: [
            ("", .reasonMissing), (" \u{3000}\t", .reasonMissing),
            (String(repeating: "a", count: 501), .reasonTooLong(maximum: 500)), ("one\ntwo", .reasonMalformed),
        ] as [(String, StaffActionError)])
    func refused(reason: String, error: StaffActionError) {
        #expect(throws: error) { try self.action(reason) }
    }

    @Test("A reason is kept word for word")
    func kept() throws {
        #expect(try self.action("Called from the number on file.").reason == "Called from the number on file.")
        #expect(try self.action(String(repeating: "字", count: 500)).reason.count == 500)
    }
}
