package import Applications
package import Authenticators
package import Channels
package import Identifiers
package import Login
package import Outbox
package import Sessions
internal import Storage
package import Time

/// A login as its owner may see it.
package struct LoginView: Sendable {
    package let id: LoginID
    package let application: Application
    package let purpose: LoginPurpose
    package let state: LoginState
    package let deadline: Instant
    /// When it was looked at: remaining times count from here.
    package let at: Instant
    /// What became of the last step, where the state does not tell.
    package let notice: LoginNotice?
    /// How far the last code came that went to a telephone number.
    package let delivery: CodeDelivery?

    package init(
        id: LoginID, application: Application, purpose: LoginPurpose, state: LoginState, deadline: Instant,
        at: Instant, notice: LoginNotice? = nil, delivery: CodeDelivery? = nil
    ) {
        self.id = id
        self.application = application
        self.purpose = purpose
        self.state = state
        self.deadline = deadline
        self.at = at
        self.notice = notice
        self.delivery = delivery
    }
}

/// How far a code came, as its user may know it.
package struct CodeDelivery: Hashable, Sendable {
    package let way: CodeWay
    package let state: MessageState
    /// What the provider has said of it.
    package let progress: DeliveryProgress?
    /// When a provider took it.
    package let sent: Instant?
    /// Why none was asked to.
    package let keptBack: KeptBack?
    /// Whether the last try of a call found every line in use.
    package let foundNoLine: Bool
}

/// Why a code did not go to its number. The raw values are what programs are told.
package enum KeptBack: String, Hashable, Sendable {
    /// The number got another SIM card of late.
    case simSwapped = "sim_swapped"
    /// Nobody could say whether it did.
    case unchecked
    /// No provider has it, of a number that is only typed: whatever the reason, it is that number's owner's business.
    case unavailable

    init?(_ status: MessageStatus) {
        guard status.template != .numberCode else {
            guard status.state == .failed, status.sent == nil else { return nil }
            self = .unavailable
            return
        }
        switch status.fault {
        case .simSwapped: self = .simSwapped
        case .unchecked: self = .unchecked
        case .unreachable, .timedOut, .throttled, .linesTaken, .account, .invalidRecipient, .rejectedContent,
            .providerFault, .malformedAnswer, .expired, nil:
            return nil
        }
    }
}

/// Nothing was compared or counted, or the answer was wrong; the login stands as it stood.
package enum LoginNotice: Hashable, Sendable {
    case wrongCredentials
    case userNameMissing
    case userNameMalformed
    case passwordMissing
    case passwordTooLong
    case responseMissing
    case responseMalformed(digits: Int)
    /// The code's time was up; another one can be asked for.
    case codeExpired
    /// No code went out yet in this login.
    case nothingSentYet
    /// The program that asks did not say at the beginning that it can offer this way.
    case wayNotOffered
    /// A code that was asked for did not go out.
    case codeNotSent(SendingRefusal)
    case notOneOfTheUsers
    /// The step does not fit the login's state: it was moved on elsewhere.
    case movedOn
}
