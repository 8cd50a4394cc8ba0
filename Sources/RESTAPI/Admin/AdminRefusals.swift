internal import Authenticators
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Time

/// Why nothing was done to a card or a code, in words for the staff. The card is as it was.
extension PublicError {
    init(_ refusal: CardRefusal) {
        switch refusal {
        case .noSuchCard: self = PublicError(.notFound, .notFound, detail: "no user has such a card")
        case .noSuchUser: self = PublicError(.notFound, .noSuchUser, detail: "there is no such user")
        case .pin(let error): self = .badRequest(Self.words(error))
        case .pinsDiffer: self = .badRequest("the two PINs differ")
        case .address(let error): self = .badRequest(Self.words(error))
        case .underWay:
            self = PublicError(
                .conflict, .alreadyThere,
                detail: "the user has a card on its way: it is activated, returned or cancelled first")
        case .blocked(let until):
            self = PublicError(.conflict, .notNow, detail: "the card is blocked until \(until.rfc3339)")
        case .outOfStock:
            self = PublicError(
                .conflict, .notNow, detail: "no card in stock fits this PIN, or is within its dates: import cards")
        case .notNow(let state):
            self = PublicError(.conflict, .notNow, detail: "this cannot be done to a card that is \(state.name)")
        case .overdue:
            self = PublicError(.conflict, .notNow, detail: "the time to activate the card is over: extend it")
        case .outsideItsDates:
            self = PublicError(.conflict, .notNow, detail: "its maker says that the card may not be used now")
        case .disabled:
            self = PublicError(.conflict, .notNow, detail: "too many wrong responses have ended the card")
        case .notSignedIn, .secondFactorNeeded, .strongerFactorNeeded, .limited, .pinChangeNeeded,
            .noActiveAuthenticator, .challengeExpired, .movedOn:
            self = PublicError(.conflict, .notNow, detail: "this takes the card's own user")
        }
    }

    private static func words(_ error: CardPINError) -> String {
        switch error {
        case .missing: "pin is empty"
        case .notDigits: "pin has something else than digits"
        case .tooShort(let minimum): "pin has fewer than \(minimum) digits"
        case .tooLong(let maximum): "pin has more than \(maximum) digits"
        case .tooCommon: "pin is one that many people choose: take another"
        }
    }

    private static func words(_ error: DeliveryAddressError) -> String {
        switch error {
        case .missing: "address is empty"
        case .tooManyLines(let maximum): "address has more than \(maximum) lines"
        case .lineTooLong(let maximum): "a line of address has more than \(maximum) characters"
        case .forbiddenCharacter: "address holds a character that cannot be printed"
        }
    }

    init(_ error: CardImportError) {
        let exists: Bool
        if case .refused(let refusals) = error {
            exists = refusals.contains { $0.reason == .exists }
        } else {
            exists = false
        }
        let detail = "nothing was imported: \(error)"
        self = exists ? PublicError(.conflict, .alreadyThere, detail: detail) : .badRequest(detail)
    }

    init(_ error: CodeIssueError) {
        switch error {
        case .userDisabled: self = PublicError(.conflict, .notNow, detail: "the user is disabled")
        case .notPermitted:
            self = PublicError(.forbidden, .forbidden, detail: "the user has a role: this takes an administrator")
        case .hasPassword:
            self = PublicError(.conflict, .notNow, detail: "the user has a password: start a recovery")
        }
    }
}
