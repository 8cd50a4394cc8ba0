internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Login
internal import OAuth
internal import Outbox
internal import Time

/// What the calls about one login share, whoever makes them: who calls, which login, how long to wait, and what is said
/// of a step that did not fit.
enum LoginCall {
    /// The application that a request names and proves by HTTP Basic.
    static func credentials(_ request: Request) -> ClientCredentials? {
        try? ClientCredentials(authorization: request.headers[.authorization] ?? "", fields: FormFields())
    }

    /// The id from the path with the secret from the header: the id alone opens nothing.
    static func ticket(_ request: Request, _ context: EdgeContext) throws -> LoginTicket {
        guard let id = context.parameters.get("id").flatMap({ LoginID($0) }),
            let secret = request.headers[.loginSecret].flatMap({ SecretToken($0) })
        else { throw FlowError.noSuchLogin }
        return LoginTicket(id: id, secret: secret)
    }

    /// A step that did not fit, as a problem; anything else as the login now stands.
    static func answer(_ view: LoginView) throws -> Response {
        switch view.notice {
        case .responseMissing: throw Self.malformed("no response given")
        case .responseMalformed(let digits): throw Self.malformed("the response has \(digits) digits")
        case .codeExpired: throw Self.codeNotThere("the code has expired: ask for another one")
        case .nothingSentYet: throw Self.codeNotThere("no code was sent yet: ask for one")
        case .codeNotSent(let refusal): throw Self.notSent(refusal, at: view.at)
        case .wayNotOffered:
            throw PublicError(
                .unprocessableContent, .codeNotSent,
                detail: "the program did not name this way among its capabilities when it began the login")
        case .userNameMissing: throw PublicError.badRequest("username is empty")
        case .passwordMissing: throw PublicError.badRequest("password is empty")
        case .passwordTooLong: throw PublicError.badRequest("password is too long")
        case .wrongCredentials, .userNameMalformed:
            throw PublicError(
                .unprocessableContent, .wrongCredentials, detail: "the user name or the password is wrong")
        case .notOneOfTheUsers: throw Self.notOneOfTheUsers
        case .movedOn:
            throw PublicError(
                .conflict, .notNow, detail: "the login is in state \(LoginBody.name(of: view.state, in: view.purpose))")
        case nil: return .json(LoginBody.of(view))
        }
    }

    static func codeWay(_ body: inout JSONObjectReader) throws -> CodeWay {
        guard let way = CodeWay(rawValue: try body.string("by", maximum: 16)) else {
            throw PublicError.badRequest("by is text or voice")
        }
        return way
    }

    static func authenticator(_ text: String?) throws -> AuthenticatorID? {
        guard let text else { return nil }
        guard let id = AuthenticatorID(text) else { throw Self.notOneOfTheUsers }
        return id
    }

    /// The login as it stands; `?wait=25&state=awaiting_response` answers as soon as the state is another, after 25 seconds
    /// at the latest.
    static func wait(
        for ticket: LoginTicket, _ request: Request, _ waiters: LoginWaiters, view: () async throws -> LoginView
    ) async throws -> Response {
        let query = try request.queryFields()
        let wait = try Self.wait(query["wait"])
        let changes = waiters.changes(of: ticket.id)
        var current = try await view()
        if let wait, query["state"] == LoginBody.name(of: current.state, in: current.purpose) {
            await changes.next(atMost: wait)
            current = try await view()
        }
        return .json(LoginBody.of(current))
    }

    private static func wait(_ text: String?) throws -> Span? {
        guard let text else { return nil }
        guard let seconds = Int64(text), (1...60).contains(seconds) else {
            throw PublicError.badRequest("wait takes 1 to 60 seconds")
        }
        return .seconds(seconds)
    }

    static func malformed(_ detail: String) -> PublicError {
        PublicError(.unprocessableContent, .malformedResponse, detail: detail)
    }

    static func codeNotThere(_ detail: String) -> PublicError {
        PublicError(.unprocessableContent, .codeNotThere, detail: detail)
    }

    static func notSent(_ refusal: SendingRefusal, at now: Instant) -> PublicError {
        switch refusal {
        case .tooSoon(let until), .numberLimit(let until), .limit(let until):
            PublicError(
                .tooManyRequests, .codeNotSent, detail: "no code can be sent by this way now", retryAfter: until - now)
        case .notThere: PublicError(.unprocessableContent, .codeNotSent, detail: "no codes are sent to this number")
        case .stopped:
            PublicError(
                .unprocessableContent, .codeNotSent,
                detail: "for the time being no codes are sent to numbers like this one")
        case .noSuchWay: PublicError(.unprocessableContent, .codeNotSent, detail: "there is no such way")
        }
    }

    static let notOneOfTheUsers = PublicError(
        .unprocessableContent, .notOneOfTheUsers, detail: "the user has no such authenticator")
}
