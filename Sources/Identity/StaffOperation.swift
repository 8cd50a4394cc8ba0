/// What staff do for others. Who may do what is this table alone.
package enum StaffOperation: String, Hashable, Sendable, CaseIterable {
    case findUser = "user.find"
    case addUser = "user.add"
    case changeUser = "user.change"
    case disableUser = "user.disable"
    case enableUser = "user.enable"
    case changeRoles = "user.roles"
    case liftLock = "user.lift_lock"
    case endSessions = "user.end_sessions"
    case issueActivationCode = "user.activation_code"
    case startRecovery = "user.recovery"
    case cancelRecovery = "user.cancel_recovery"
    case seeCards = "card.see"
    case importCards = "card.import"
    case orderCard = "card.order"
    case shipCard = "card.ship"
    case extendActivation = "card.extend"
    case cancelCard = "card.cancel"
    case blockCard = "card.block"
    case unblockCard = "card.unblock"
    case setCardPIN = "card.pin"
    case reportCardLost = "card.lost"
    case takeCardBack = "card.return"
    case seeApplications = "application.see"
    case registerApplication = "application.register"
    case changeApplication = "application.change"
    case rotateApplicationSecret = "application.rotate_secret"
    case removeApplication = "application.remove"
    case readAudit = "audit.read"
    case seeDelivery = "delivery.see"
    case switchProvider = "delivery.switch"
    case testDelivery = "delivery.test"

    /// The roles that may do it; one of them is enough.
    package var roles: Set<Role> {
        switch self {
        case .addUser, .enableUser, .changeRoles, .importCards, .shipCard, .takeCardBack, .registerApplication,
            .changeApplication, .rotateApplicationSecret, .removeApplication, .switchProvider, .testDelivery:
            [.administrator]
        case .changeUser, .disableUser, .liftLock, .endSessions, .issueActivationCode, .startRecovery, .cancelRecovery,
            .seeCards, .orderCard, .extendActivation, .cancelCard, .blockCard, .unblockCard, .setCardPIN,
            .reportCardLost:
            [.administrator, .helpDesk]
        case .seeApplications, .readAudit: [.administrator, .auditor]
        case .findUser, .seeDelivery: [.administrator, .helpDesk, .auditor]
        }
    }

    /// Whether it changes nothing, and sends nothing.
    package var isReading: Bool {
        switch self {
        case .findUser, .seeCards, .seeApplications, .readAudit, .seeDelivery: true
        case .addUser, .changeUser, .disableUser, .enableUser, .changeRoles, .liftLock, .endSessions,
            .issueActivationCode,
            .startRecovery, .cancelRecovery, .importCards, .orderCard, .shipCard, .extendActivation, .cancelCard,
            .blockCard, .unblockCard, .setCardPIN, .reportCardLost, .takeCardBack, .registerApplication,
            .changeApplication, .rotateApplicationSecret, .removeApplication, .switchProvider, .testDelivery:
            false
        }
    }

    /// Whether nobody does it to himself: he could be left without rights, give himself what he logs in with without the
    /// proof that everybody else needs, or have his notices go elsewhere.
    package var isForOthersAlone: Bool {
        switch self {
        case .changeUser, .disableUser, .changeRoles, .issueActivationCode, .startRecovery, .orderCard, .setCardPIN:
            true
        case .findUser, .addUser, .enableUser, .liftLock, .endSessions, .cancelRecovery, .seeCards, .importCards,
            .shipCard, .extendActivation, .cancelCard, .blockCard, .unblockCard, .reportCardLost, .takeCardBack,
            .seeApplications, .registerApplication, .changeApplication, .rotateApplicationSecret, .removeApplication,
            .readAudit, .seeDelivery, .switchProvider, .testDelivery:
            false
        }
    }

    /// Whether somebody with these roles may do it for somebody with those: whoever could take over the account of a
    /// colleague would have the colleague's roles too.
    package func isAllowed(to staff: Set<Role>, on user: Set<Role> = []) -> Bool {
        guard !self.roles.isDisjoint(with: staff) else { return false }
        return self == .findUser || user.isEmpty || staff.contains(.administrator)
    }
}
