package import Identity

/// How a user hears of something beside his account's pages, which show every notice. docs/delivery.md gives the reasons.
package struct NoticeWays: Hashable, Sendable {
    /// In the order in which they are asked.
    package let channels: [MessageChannel]
    /// Of one kind, to one address or number of one user. What comes more often is on the account's pages alone.
    package let mostAnHour: Int64

    /// Whether an address that was the user's until of late hears of it too: as of all that also goes by text. Of nothing that
    /// can be brought about before the password is right, where every name must take the same statements.
    package var tellsFormerAddresses: Bool { self.channels.contains(.text) }
}

extension NoticeKind {
    /// The one table of what goes where.
    package var ways: NoticeWays {
        switch self {
        // How he signs in has changed, or is about to: every way that he had before. A card that is ordered may go to any
        // address, with a PIN that whoever orders it has chosen.
        case .passwordSet, .passwordChanged, .passwordRecovered, .activationCodeIssued, .recoveryStarted,
            .authenticatorOrdered, .authenticatorAdded, .authenticatorBlocked, .authenticatorUnblocked,
            .authenticatorDisabled,
            .authenticatorRemoved, .phoneNumberAdded, .phoneNumberRemoved, .pinChanged, .pinSet, .addressChanged,
            .emailChanged:
            NoticeWays(channels: [.mail, .text], mostAnHour: 3)
        // Anybody can bring it about: a text costs money and wakes people up.
        case .passwordWarned, .passwordLocked, .passwordEnded, .recoveryFailed:
            NoticeWays(channels: [.mail], mostAnHour: 1)
        // Somebody else's tries, who needs the password for them, end what the user can do.
        case .authenticatorLocked: NoticeWays(channels: [.mail, .text], mostAnHour: 1)
        // He was there himself a moment ago.
        case .authenticatorWarned, .loginDisowned: NoticeWays(channels: [.mail], mostAnHour: 1)
        // The number may be in somebody else's hands.
        case .codeWithheld: NoticeWays(channels: [.mail], mostAnHour: 1)
        // Nothing is opened or closed by it, or he has asked for it himself.
        case .passwordUnlocked, .authenticatorUnlocked, .recoveryCancelled, .authenticatorShipped:
            NoticeWays(channels: [.mail], mostAnHour: 3)
        }
    }
}
