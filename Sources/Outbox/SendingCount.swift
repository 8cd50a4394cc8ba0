package import Identifiers

/// What codes are counted by, by the hour, each purpose and each way by itself: numbers that somebody types must not use up
/// the room of logins. Texts that tell of changes count by the last three, among the codes of logins.
package enum SendingCount: Hashable, Sendable {
    case user(UserID)
    /// An application that has codes sent without a password of ours before them.
    case application(ApplicationID)
    /// An IPv4 address or an IPv6 /64.
    case address(String)
    case prefix(String)
    case country(String)
    case firm

    /// How many may go within an hour.
    package func most(_ limits: SendingLimits) -> Int64 {
        switch self {
        case .user: limits.perUser
        case .application: limits.perApplication
        case .address: limits.perAddress
        case .prefix: limits.perPrefix
        case .country: limits.perCountry
        case .firm: limits.perFirm
        }
    }
}
