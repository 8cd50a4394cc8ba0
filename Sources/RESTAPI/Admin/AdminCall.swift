internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth
internal import Sessions

/// What the calls of the admin API share: who calls, whom it is about, and what a refusal says.
enum AdminCall {
    static func claim(_ request: Request, _ flow: StaffFlow) throws -> StaffClaim {
        let bearer = try BearerToken(authorization: request.headers[.authorization])
        guard let token = SecretToken(bearer.secret.revealed) else { throw BearerError.invalidToken }
        return flow.claim(token)
    }

    /// The user whom the path names.
    static func userName(_ context: EdgeContext) throws -> UserName {
        guard let text = context.component("username"), let name = try? UserName(text) else {
            throw StaffError.noSuchUser
        }
        return name
    }

    /// The serial of the card that the path names.
    static func serial(_ context: EdgeContext) throws -> String {
        // PostgreSQL takes no text with U+0000.
        guard let text = context.component("serial"), text.utf8.count <= 200, !text.utf8.contains(0) else {
            throw CardRefusal.noSuchCard
        }
        return text
    }

    /// The client id that the path names.
    static func clientID(_ context: EdgeContext) throws -> String {
        guard let text = context.component("client_id"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw StaffError.noSuchApplication }
        return text
    }

    static func reason(_ body: inout JSONObjectReader) throws -> String { try body.string("reason", maximum: 500) }

    /// Answers a handler's errors in the words of RFC 6750 and RFC 9457.
    static func answering(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as StaffError {
            return try Self.response(error)
        } catch let error as BearerError {
            return Self.response(error)
        } catch let error as StaffActionError {
            throw PublicError.badRequest(Self.words(error))
        } catch let error as CardRefusal {
            throw PublicError(error)
        } catch let error as CardImportError {
            throw PublicError(error)
        } catch let error as CodeIssueError {
            throw PublicError(error)
        } catch let error as OutboxError {
            throw PublicError(error)
        } catch let refusal as TestRefusal {
            throw PublicError(refusal)
        } catch let error as ClientMetadataError {
            throw PublicError.badRequest(error.description)
        }
    }

    private static func response(_ error: StaffError) throws -> Response {
        switch error {
        case .tokenInvalid: return Self.response(BearerError.invalidToken)
        case .scopeMissing: return Self.response(BearerError.insufficientScope("admin"))
        case .authenticationTooWeak:
            return Self.response(
                BearerError.insufficientUserAuthentication(
                    acrValues: [Assurance.multiFactor.rawValue], maximumAge: nil))
        case .limited(let until): throw PublicError.limited(until: until)
        case .roleMissing(let operation):
            let roles = operation.roles.map(\.rawValue).sorted().joined(separator: " or ")
            throw PublicError(.forbidden, .forbidden, detail: "\(operation.rawValue) needs the role \(roles)")
        case .userIsStaff:
            throw PublicError(.forbidden, .forbidden, detail: "the user has a role: this takes an administrator")
        case .ownAccount: throw PublicError(.forbidden, .forbidden, detail: "nobody does this to their own account")
        case .noSuchUser: throw PublicError(.notFound, .noSuchUser, detail: "there is no such user")
        case .userExists: throw PublicError(.conflict, .alreadyThere, detail: "there is a user of that name already")
        case .lastAdministrator:
            throw PublicError(.conflict, .notNow, detail: "nobody would be left who may give roles")
        case .applicationExists:
            throw PublicError(.conflict, .alreadyThere, detail: "there is an application of that client_id already")
        case .noSuchApplication: throw PublicError(.notFound, .notFound, detail: "there is no such application")
        case .applicationInUse:
            throw PublicError(
                .conflict, .notNow, detail: "you are logged in with this application: it would shut you out")
        case .noSecret:
            throw PublicError(.conflict, .notNow, detail: "the application has no secret to rotate")
        }
    }

    private static func response(_ error: BearerError) -> Response {
        let status = HTTPResponse.Status(code: error.status)
        let shown = PublicError(
            status, error.status == 403 ? .forbidden : .unauthorized, detail: "log in again, with a second factor")
        var response = Problem(shown).response(request: nil)
        response.headers[.wwwAuthenticate] = error.challenge
        return response
    }

    private static func words(_ error: StaffActionError) -> String {
        switch error {
        case .reasonMissing: "reason is empty: say why, the audit trail keeps it"
        case .reasonTooLong(let maximum): "reason has more than \(maximum) characters"
        case .reasonMalformed: "reason holds a control character"
        }
    }
}
