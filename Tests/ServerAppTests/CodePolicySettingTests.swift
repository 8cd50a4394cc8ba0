import Authenticators
import Flows
import Outbox
import ServerApp
import Testing
import Time

@Suite("Settings of codes by text")
struct CodePolicySettingTests {
    private func read(_ lines: String, _ environment: [String: String] = [:]) throws -> Configuration {
        try ConfigurationReader.read(
            yaml: ConfigurationTests.minimum + "\ndelivery:\n" + lines, environment: environment)
    }

    @Test("The defaults")
    func defaults() throws {
        let limits = try ConfigurationReader.read(yaml: ConfigurationTests.minimum, environment: [:]).limits
        #expect(limits.codes == CodePolicy() && limits.codes.endedBy.isEmpty)
        #expect(limits.codes.acknowledgedFor == .days(365) && limits.sending.perApplication == 500)
    }

    @Test("What is set")
    func set() throws {
        let limits = try self.read(
            "  codes_an_hour_for_an_application: 20\n  texts:\n    end_with: [security_card]\n"
                + "    acknowledge_again_after_days: 30\n"
        ).limits
        #expect(limits.codes.endedBy == [.securityCard] && limits.codes.acknowledgedFor == .days(30))
        #expect(limits.sending.perApplication == 20)
        let environment = ["COUNTERSIGN_DELIVERY_TEXTS_END_WITH": "security_card"]
        #expect(
            try self.read("  texts:\n    acknowledge_again_after_days: 1\n", environment).limits.codes.endedBy == [
                .securityCard
            ])
    }

    @Test(
        "What cannot be set",
        arguments: [
            "  texts:\n    end_with: [phone_number]\n", "  texts:\n    end_with: [card]\n",
            "  texts:\n    end_with: security_card\n", "  texts:\n    end_with: [security_card, '']\n",
            "  texts:\n    acknowledge_again_after_days: 0\n", "  texts:\n    acknowledge_again_after_days: never\n",
            "  texts:\n    ends_with: [security_card]\n", "  codes_an_hour_for_an_application: 0\n",
        ])
    func refused(lines: String) {
        #expect(throws: ConfigurationError.self) { _ = try self.read(lines) }
    }

    @Test("All that is wrong at once, each with its line and what to do")
    func allAtOnce() throws {
        let error = try #require(throws: ConfigurationError.self) {
            _ = try self.read("  texts:\n    end_with: [phone_number, pigeon]\n    acknowledge_again_after_days: 0\n")
        }
        #expect(error.problems.count == 3)
        #expect("\(error)".contains("line 12") && "\(error)".contains("security_card"))
    }
}
