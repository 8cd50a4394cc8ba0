/// Why a terminal command ended without doing what was asked.
package indirect enum TerminalError: Error, Hashable, Sendable {
    case badAddress(String)
    case unreachable(server: String, why: UnreachableReason)
    case notLoggedIn(server: String)
    /// Too much to do, or its database is away.
    case busy
    case fault
    /// Nobody has registered the program at this server.
    case unknownProgram
    /// The server said no, in its own words.
    case refused(String)
    case unexpectedAnswer(String)
    case stateUnusable(path: String, why: StateFault)
    case loginOver(LoginEnd)
    case noMoreInput
    /// The server did not say that the session has ended, and why not.
    case notLoggedOut(TerminalError)
}

package enum UnreachableReason: Hashable, Sendable {
    case nobodyListens, noAnswer, connectionFailed
    /// Its certificate is not one that this machine trusts.
    case notTrusted
}

package enum StateFault: Hashable, Sendable {
    case damaged, unwritable, folderUnwritable
}

/// Why a login will not be granted any more.
package enum LoginEnd: Hashable, Sendable {
    case tooManyPasswords
    case cancelledHere
    case blocked(until: String)
    case expired, challengeExpired, cancelled, noAuthenticator, authenticatorDisabled
    /// Somebody else has set the card's PIN, which can be changed on a page of the server.
    case pinChangeRequired(page: String)
    case refused

    /// - Parameter reason: as the login API says it.
    init(reason: String?) {
        self =
            switch reason {
            case "expired": .expired
            case "challenge_expired": .challengeExpired
            case "cancelled": .cancelled
            case "no_authenticator": .noAuthenticator
            case "authenticator_disabled": .authenticatorDisabled
            default: .refused
            }
    }
}

extension TerminalError: CustomStringConvertible {
    /// One sentence, and what to do, for the staff and operators: in English.
    package var description: String { self.words(in: .english) }

    package func words(in messages: TerminalMessages) -> String {
        let hint = self.hint.map { "\n    " + messages.text(.hint, ["sentence": messages.text($0)]) }
        return self.sentence(messages) + (hint ?? "")
    }

    /// What a script may act on (sysexits.h): 69 start the server, 75 try again, 77 log in; 1 for the rest.
    package var exitStatus: Int32 {
        switch self {
        case .unreachable: 69
        case .busy: 75
        case .notLoggedIn: 77
        case .notLoggedOut(let why): why.exitStatus
        case .badAddress, .fault, .unknownProgram, .refused, .unexpectedAnswer, .stateUnusable, .loginOver,
            .noMoreInput:
            1
        }
    }

    /// Whether the server may have done all the same what it was asked for, or do it yet.
    package var mayBeDone: Bool {
        switch self {
        case .unreachable(_, .noAnswer), .unreachable(_, .connectionFailed), .fault: true
        case .unreachable, .busy, .notLoggedIn, .badAddress, .unknownProgram, .refused, .unexpectedAnswer,
            .stateUnusable, .loginOver, .noMoreInput, .notLoggedOut:
            false
        }
    }

    private func sentence(_ messages: TerminalMessages) -> String {
        switch self {
        case .badAddress(let text): messages.text(.badAddress, ["address": text])
        case .unreachable(let server, let why): messages.text(why.phrase, ["server": server])
        case .notLoggedIn(let server): messages.text(.errorNotLoggedIn, ["server": server])
        case .busy: messages.text(.busy)
        case .fault: messages.text(.fault)
        case .unknownProgram: messages.text(.unknownProgram)
        case .refused(let words): messages.text(.refused, ["words": words])
        case .unexpectedAnswer(let what): messages.text(.unexpectedAnswer, ["what": what])
        case .stateUnusable(let path, let why): messages.text(why.phrase, ["path": path])
        case .loginOver(.blocked(let until)): messages.text(.overBlocked, ["until": until])
        case .loginOver(.pinChangeRequired(let page)): messages.text(.overPINChange, ["page": page])
        case .loginOver(let end): messages.text(end.phrase)
        case .noMoreInput: messages.text(.noMoreInput)
        case .notLoggedOut(let why): messages.text(.notLoggedOut, ["why": why.sentence(messages)])
        }
    }

    private var hint: TerminalPhrase? {
        switch self {
        case .badAddress: .hintAddress
        case .unreachable(_, .notTrusted): .hintTrust
        case .unreachable: .hintStart
        case .notLoggedIn: .hintLogIn
        case .busy: .hintWait
        case .fault: .hintLog
        case .unknownProgram: .hintBootstrap
        case .unexpectedAnswer: .hintVersion
        case .loginOver, .noMoreInput: .hintAgain
        case .notLoggedOut(let why): why.hint
        case .refused, .stateUnusable: nil
        }
    }
}

extension UnreachableReason {
    fileprivate var phrase: TerminalPhrase {
        switch self {
        case .nobodyListens: .unreachableNobody
        case .noAnswer: .unreachableLate
        case .connectionFailed: .unreachableFailed
        case .notTrusted: .unreachableNotTrusted
        }
    }
}

extension StateFault {
    fileprivate var phrase: TerminalPhrase {
        switch self {
        case .damaged: .stateDamaged
        case .unwritable: .stateUnwritable
        case .folderUnwritable: .stateFolder
        }
    }
}

extension LoginEnd {
    fileprivate var phrase: TerminalPhrase {
        switch self {
        case .tooManyPasswords: .overTooManyPasswords
        case .cancelledHere: .overCancelledHere
        case .blocked: .overBlocked
        case .expired: .overExpired
        case .challengeExpired: .overChallengeExpired
        case .cancelled: .overCancelled
        case .noAuthenticator: .overNoAuthenticator
        case .authenticatorDisabled: .overAuthenticatorDisabled
        case .pinChangeRequired: .overPINChange
        case .refused: .overRefused
        }
    }
}
