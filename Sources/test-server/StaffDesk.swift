internal import Flows
internal import Identifiers
internal import Identity
internal import ServerApp
internal import Storage

/// Somebody of the staff, as far as tests in a browser need one: gives out the codes that a person would get by post or hear.
struct StaffDesk: Sendable {
    private let environment: FlowEnvironment
    private let flow: StaffPasswordFlow

    init(_ opened: OpenStore) {
        self.environment = opened.environment
        self.flow = StaffPasswordFlow(environment: opened.environment)
    }

    /// - Returns: the code for a first password, or where there is one already, that of a recovery.
    func code(for name: String) async throws -> String? {
        let userName = try UserName(name)
        guard let user = try await self.environment.store.read({ try $0.users.find(userName) }) else { return nil }
        let somebody = UserID(at: self.environment.now(), random: self.environment.random.bytes(10))
        let action = try StaffAction(staff: somebody, name: try UserName("test-desk"), reason: "A test asked for it.")
        let first = try await self.flow.issueCode(.letter, for: user.id, by: action, origin: RequestOrigin())
        if case .issued(let code, _) = first { return code.text }
        let recovery = try await self.flow.startRecovery(for: user.id, by: action, origin: RequestOrigin())
        guard case .issued(let code, _) = recovery else { return nil }
        return code.text
    }
}
