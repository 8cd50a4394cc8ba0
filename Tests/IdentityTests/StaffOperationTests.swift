import Identity
import Testing

@Suite("What staff may do")
struct StaffOperationTests {
    /// administrator, help desk, auditor.
    static let table: [StaffOperation: String] = [
        .findUser: "yyy", .addUser: "ynn", .changeUser: "yyn", .disableUser: "yyn", .enableUser: "ynn",
        .changeRoles: "ynn",
        .liftLock: "yyn", .endSessions: "yyn", .issueActivationCode: "yyn", .startRecovery: "yyn",
        .cancelRecovery: "yyn", .orderCard: "yyn", .extendActivation: "yyn", .cancelCard: "yyn",
        .seeCards: "yyn", .importCards: "ynn", .shipCard: "ynn", .blockCard: "yyn", .unblockCard: "yyn",
        .setCardPIN: "yyn", .reportCardLost: "yyn", .takeCardBack: "ynn", .seeApplications: "yny",
        .registerApplication: "ynn", .changeApplication: "ynn", .rotateApplicationSecret: "ynn",
        .removeApplication: "ynn", .readAudit: "yny",
        .seeDelivery: "yyy", .switchProvider: "ynn", .testDelivery: "ynn",
    ]

    @Test("The table", arguments: StaffOperation.allCases)
    func table(operation: StaffOperation) {
        let allowed = [Role.administrator, .helpDesk, .auditor].map { operation.isAllowed(to: [$0]) ? "y" : "n" }
        #expect(allowed.joined() == Self.table[operation])
        #expect(!operation.isAllowed(to: []))
        #expect(operation.isAllowed(to: Set(Role.allCases)))
    }

    @Test("Nobody ends his own rights, or gives himself what he logs in with")
    func onOneself() {
        let others: Set<StaffOperation> = [
            .changeUser, .disableUser, .changeRoles, .issueActivationCode, .startRecovery, .orderCard, .setCardPIN,
        ]
        #expect(Set(StaffOperation.allCases.filter(\.isForOthersAlone)) == others)
    }

    @Test("On staff only an administrator acts; they may be looked up", arguments: StaffOperation.allCases)
    func onStaff(operation: StaffOperation) {
        let isRead = operation == .findUser
        #expect(operation.isAllowed(to: [.helpDesk], on: [.auditor]) == isRead)
        #expect(operation.isAllowed(to: [.auditor], on: [.helpDesk]) == isRead)
        #expect(operation.isAllowed(to: [.administrator], on: [.administrator]))
    }
}
