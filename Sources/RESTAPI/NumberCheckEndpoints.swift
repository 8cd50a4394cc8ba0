internal import Applications
internal import Authenticators
internal import Encodings
package import Flows
package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import PhoneNumbers
internal import Time

/// The telephone number of a user whose account is being opened, below `/api/v1/users/{username}/number-checks`. The
/// application that opens it proves itself by HTTP Basic at each step; an attempt is good for whoever began it alone.
package struct NumberCheckEndpoints: Sendable {
    private let flow: AccountOpeningFlow

    package init(flow: AccountOpeningFlow) { self.flow = flow }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/users/:username/number-checks", [.post: self.begin])
        routes.endpoint("/users/:username/number-checks/:id/code", [.post: self.sendCode])
        routes.endpoint("/users/:username/number-checks/:id/confirm", [.post: self.confirm])
    }

    @Sendable func begin(_ request: Request, context: EdgeContext) async throws -> Response {
        let claim = try Self.claim(request)
        let asked = try await self.provenFirst(claim) {
            var body = try await request.jsonObject()
            let typed = try body.string("number", minimum: 1, maximum: 60)
            let country = try body.optionalString("country", minimum: 2, maximum: 2)
            let language = try Self.language(&body)
            try body.finish()
            return (
                name: try Self.userName(context), number: try Self.number(typed, in: country), language: language
            )
        }
        let view = try Self.value(
            try await self.flow.begin(
                asked.number, for: asked.name, by: claim, origin: Self.origin(context, asked.language)))
        return .json(NumberCheckBody.of(view), status: .created)
    }

    @Sendable func sendCode(_ request: Request, context: EdgeContext) async throws -> Response {
        let claim = try Self.claim(request)
        let asked = try await self.provenFirst(claim) {
            var body = try await request.jsonObject()
            let (way, language) = (try LoginCall.codeWay(&body), try Self.language(&body))
            try body.finish()
            return (name: try Self.userName(context), id: try Self.id(context), way: way, language: language)
        }
        let view = try Self.value(
            try await self.flow.sendAgain(
                by: asked.way, for: asked.id, of: asked.name, by: claim,
                origin: Self.origin(context, asked.language)))
        if let refusal = view.refusal { throw LoginCall.notSent(refusal, at: view.at) }
        return .json(NumberCheckBody.of(view))
    }

    @Sendable func confirm(_ request: Request, context: EdgeContext) async throws -> Response {
        let claim = try Self.claim(request)
        let asked = try await self.provenFirst(claim) {
            var body = try await request.jsonObject()
            let typed = try body.string("code", maximum: 64)
            try body.finish()
            return (name: try Self.userName(context), id: try Self.id(context), typed: typed)
        }
        let end = try Self.value(
            try await self.flow.confirm(
                asked.id, typed: asked.typed, of: asked.name, by: claim, origin: context.origin))
        switch end {
        case .bound: return .json(["id": .string(asked.id.text), "state": "confirmed"])
        case .over: return .json(["id": .string(asked.id.text), "state": "over"])
        case .wrong(let view, let left, let isOlder):
            return .json(NumberCheckBody.of(view, wrong: (triesLeft: left, isOlder: isOlder)))
        case .again(_, .responseMissing): throw LoginCall.malformed("no code given")
        case .again(_, .nothingSentYet): throw LoginCall.codeNotThere("no code was sent yet: ask for one")
        case .again: throw LoginCall.malformed("the code has \(CodeChallenge.digits) digits")
        }
    }

    private static func claim(_ request: Request) throws -> ApplicationClaim {
        guard let credentials = LoginCall.credentials(request) else { throw FlowError.applicationNotProven }
        return ApplicationClaim(
            clientID: credentials.clientID, secret: credentials.secret?.revealed, to: .numberCheck)
    }

    /// What is wrong with a request is told only to an application that may ask.
    private func provenFirst<Parsed>(_ claim: ApplicationClaim, _ read: () async throws -> Parsed) async throws
        -> Parsed
    {
        do {
            return try await read()
        } catch {
            try await self.flow.prove(claim)
            throw error
        }
    }

    private static func userName(_ context: EdgeContext) throws -> UserName {
        guard let text = context.component("username"), let name = try? UserName(text) else {
            throw Self.noSuchUser
        }
        return name
    }

    private static func id(_ context: EdgeContext) throws -> ChallengeID {
        guard let id = context.parameters.get("id").flatMap({ ChallengeID($0) }) else { throw Self.over }
        return id
    }

    private static func number(_ typed: String, in country: String?) throws -> PhoneNumber {
        do throws(PhoneNumberError) {
            return try PhoneNumber(parsing: typed, in: country)
        } catch {
            throw PublicError(.unprocessableContent, .numberRefused, detail: error.key)
        }
    }

    /// In which language the user is written and spoken to.
    private static func language(_ body: inout JSONObjectReader) throws -> Language? {
        guard let text = try body.optionalString("language", maximum: 35) else { return nil }
        guard let language = Language(rawValue: text) else {
            let words = Language.allCases.map(\.rawValue).joined(separator: " or ")
            throw PublicError.badRequest("language is \(words)")
        }
        return language
    }

    private static func origin(_ context: EdgeContext, _ language: Language?) -> RequestOrigin {
        var origin = context.origin
        if let language { origin.language = language.rawValue }
        return origin
    }

    private static func value<Value>(_ step: NumberCheckStep<Value>) throws -> Value {
        switch step {
        case .done(let value): return value
        case .refused(.noSuchUser): throw Self.noSuchUser
        case .refused(.over): throw Self.over
        case .refused(.hasAuthenticator):
            throw PublicError(
                .conflict, .hasAuthenticator,
                detail: "the account is open: the user has, or had, an authenticator, and changes the number himself")
        }
    }

    private static let noSuchUser = PublicError(.notFound, .noSuchUser, detail: "there is no such user")
    private static let over = PublicError(
        .notFound, .notFound, detail: "this application has no such attempt for this user, or it is over")
}

/// An attempt to verify a number, as applications see it.
private enum NumberCheckBody {
    static func of(_ view: NumberCheckView, wrong: (triesLeft: Int, isOlder: Bool)? = nil) -> JSONValue {
        .object(omittingAbsent: [
            "id": .string(view.challenge.id.text), "state": "awaiting_code",
            "number": .string(view.number.international),
            "code": LoginBody.code(view.challenge, view.delivery?.keptBack),
            "expires_at": .string(view.challenge.expires.rfc3339),
            "wrong_answer": wrong.map {
                .object(omittingAbsent: [
                    "attempts_left": .integer(Int64($0.triesLeft)), "older_code": $0.isOlder ? true : nil,
                ])
            },
        ])
    }
}
