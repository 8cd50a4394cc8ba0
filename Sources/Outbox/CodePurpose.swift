package import Identifiers

/// What a code is sent for. The raw values are schema.
///
/// Each is watched for itself: a number is typed by whoever asks, a login's is the user's own, and what is wasted on the one
/// must not stop the other.
package enum CodePurpose: String, Hashable, Sendable, CaseIterable {
    /// To a number that a user has.
    case login
    /// To one that somebody has typed, to prove that it is his.
    case number

    /// What its messages say.
    package var template: MessageTemplate {
        switch self {
        case .login: .loginCode
        case .number: .numberCode
        }
    }
}

extension MessageTemplate {
    /// nil for what holds no code of a user.
    package var codePurpose: CodePurpose? {
        switch self {
        case .loginCode: .login
        case .numberCode: .number
        case .notice, .test: nil
        }
    }
}

/// One code, as it is counted: once, however often it is sent, and by when it was made.
package struct CountedCode: Hashable, Sendable {
    package let challenge: ChallengeID
    package let purpose: CodePurpose
    package let destination: MessageDestination

    package init(_ challenge: ChallengeID, for purpose: CodePurpose, to destination: MessageDestination) {
        self.challenge = challenge
        self.purpose = purpose
        self.destination = destination
    }
}
