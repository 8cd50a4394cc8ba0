// Every state and every event once. The switches have no `default`: a new case does not compile until it has a sample.

import Audit
import Authenticators
import Login

/// The raw values are the names of the states, which are schema.
enum StateKind: String, CaseIterable, Sendable {
    case awaitingPassword, choosingFactor, awaitingResponse, granted, finished, refused

    init(_ state: LoginState) {
        self =
            switch state {
            case .awaitingPassword: .awaitingPassword
            case .choosingFactor: .choosingFactor
            case .awaitingResponse: .awaitingResponse
            case .granted: .granted
            case .finished: .finished
            case .refused: .refused
            }
    }

    func sample() throws -> LoginState {
        switch self {
        case .awaitingPassword: return .awaitingPassword
        case .choosingFactor: return .choosingFactor(ChoosingFactor(subject: Sample.subject()))
        case .awaitingResponse: return try Login.asked().state
        case .granted: return try Login.granted().state
        case .finished:
            var login = try Login.granted()
            _ = try login.handle(.finished, at: Sample.later)
            return login.state
        case .refused: return .refused(.cancelled)
        }
    }
}

enum EventKind: CaseIterable, Sendable {
    case passwordAcceptedWithoutAuthenticators
    case passwordAccepted, passwordAcceptedWithChallenge, passwordAcceptedButBlocked, passwordRejected
    case challenged, challengedButBlocked
    case right, wrong, blocked, disabled, removed, tooLate
    case codeSent, disowned, codesEnded
    case choseAnother, cancelled, finished

    init(_ event: LoginEvent) {
        self =
            switch event {
            case .passwordAccepted(_, let authenticators, offer: nil) where authenticators.isEmpty:
                .passwordAcceptedWithoutAuthenticators
            case .passwordAccepted(_, _, offer: nil): .passwordAccepted
            case .passwordAccepted(_, _, offer: .challenge): .passwordAcceptedWithChallenge
            case .passwordAccepted(_, _, offer: .blocked): .passwordAcceptedButBlocked
            case .passwordRejected: .passwordRejected
            case .challenged(.challenge): .challenged
            case .challenged(.blocked): .challengedButBlocked
            case .responseChecked(.right): .right
            case .responseChecked(.wrong): .wrong
            case .responseChecked(.blocked): .blocked
            case .responseChecked(.disabled): .disabled
            case .responseChecked(.removed): .removed
            case .responseChecked(.tooLate): .tooLate
            case .codeSent: .codeSent
            case .disowned: .disowned
            case .codesEnded: .codesEnded
            case .choseAnother: .choseAnother
            case .cancelled: .cancelled
            case .finished: .finished
            }
    }

    var sample: LoginEvent {
        let cards = [Sample.first, Sample.second]
        return switch self {
        case .passwordAcceptedWithoutAuthenticators: .passwordAccepted(Sample.password, [], offer: nil)
        case .passwordAccepted: .passwordAccepted(Sample.password, cards, offer: nil)
        case .passwordAcceptedWithChallenge: .passwordAccepted(Sample.password, cards, offer: Sample.offer())
        case .passwordAcceptedButBlocked:
            .passwordAccepted(Sample.password, cards, offer: .blocked(Sample.blockedFirst))
        case .passwordRejected: .passwordRejected(.wrongCredentials)
        case .challenged: .challenged(Sample.offer(Sample.otherChallenge, for: Sample.second.id))
        case .challengedButBlocked: .challenged(.blocked(Sample.blockedFirst))
        case .right: .responseChecked(.right(Sample.evidence()))
        case .wrong: .responseChecked(.wrong(Sample.wrong))
        case .blocked: .responseChecked(.blocked(until: Sample.blockedFirst.until))
        case .disabled: .responseChecked(.disabled)
        case .removed: .responseChecked(.removed)
        case .tooLate: .responseChecked(.tooLate)
        case .codeSent: .codeSent(Sample.code)
        case .disowned: .disowned
        case .codesEnded: .codesEnded(Sample.second.id, [Sample.first])
        case .choseAnother: .choseAnother
        case .cancelled: .cancelled
        case .finished: .finished
        }
    }

    /// The name that errors carry.
    var name: String {
        switch self {
        case .passwordAcceptedWithoutAuthenticators, .passwordAccepted, .passwordAcceptedWithChallenge,
            .passwordAcceptedButBlocked:
            "passwordAccepted"
        case .passwordRejected: "passwordRejected"
        case .challenged, .challengedButBlocked: "challenged"
        case .right, .wrong, .blocked, .disabled, .removed, .tooLate: "responseChecked"
        case .codeSent: "codeSent"
        case .disowned: "disowned"
        case .codesEnded: "codesEnded"
        case .choseAnother: "choseAnother"
        case .cancelled: "cancelled"
        case .finished: "finished"
        }
    }
}
