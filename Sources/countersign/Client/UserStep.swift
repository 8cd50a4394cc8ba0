internal import Encodings

/// What staff do to a user in one step.
enum UserStep {
    enum LiftLock: StaffStep {
        typealias Subject = UserSubject
        static let name = "lift-lock"
        static let abstract = "Lift the locks of a user's password and authenticators."
        static let reason = "called from the number on file"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            ["lifted: \(subject) can try again"]
        }
    }

    enum EndSessions: StaffStep {
        typealias Subject = UserSubject
        static let name = "end-sessions"
        static let abstract = "End all sessions of a user."
        static let reason = "laptop stolen"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            ["ended \(answer.shown("ended")) sessions of \(subject)"]
        }
    }

    enum Disable: StaffStep {
        typealias Subject = UserSubject
        static let name = "disable"
        static let abstract = "Disable a user: no login any more, and all sessions end."
        static let reason = "left the firm"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            ["disabled \(subject)"]
        }
    }

    enum Enable: StaffStep {
        typealias Subject = UserSubject
        static let name = "enable"
        static let abstract = "Enable a user again."
        static let reason = "came back"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            ["enabled \(subject)"]
        }
    }

    enum Recover: StaffStep {
        typealias Subject = UserSubject
        static let name = "recover"
        static let abstract = "Start the recovery of a user who lost the password, and print its code, once."
        static let reason = "identified at the branch with a passport"
        static let discussion = "The code works after 72 hours; the user is told at once, and can cancel."
        static let call = "recovery"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            [
                "activation code for \(subject): \(answer.shown("code"))",
                "it works from \(answer.shown("usable_from")) until \(answer.shown("expires_at"))",
            ]
        }
    }

    enum CancelRecovery: StaffStep {
        typealias Subject = UserSubject
        static let name = "cancel-recovery"
        static let abstract = "Cancel the recovery of a user."
        static let reason = "it was somebody else"
        static let call = "recovery/cancel"

        static func lines(_ answer: JSONValue, _ subject: String) -> [String] {
            [
                answer["cancelled"] == true
                    ? "cancelled the recovery of \(subject)" : "\(subject) has no recovery under way"
            ]
        }
    }
}
