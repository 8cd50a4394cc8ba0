package import Identifiers

/// Who has a number checked: the user himself in one session, or an application that opens his account.
package enum NumberCheckAsker: Hashable, Sendable {
    case session(SessionID)
    case application(ApplicationID)
}
