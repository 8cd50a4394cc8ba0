internal import Applications
internal import Audit
internal import Authenticators
internal import Encodings
internal import Flows
internal import Identifiers
internal import Identity
internal import Time

/// What the admin API answers. The OpenAPI document describes each member.
enum AdminBody {
    static func user(_ user: User) -> JSONValue {
        .object(omittingAbsent: [
            "username": .string(user.name.text), "name": .string(user.displayName),
            "email": user.email.map(JSONValue.string), "language": user.language.map(JSONValue.string),
            "status": .string(user.status.rawValue),
            "roles": Self.roles(user.roles), "id": .string(user.id.text),
        ])
    }

    static func roles(_ roles: Set<Role>) -> JSONValue { .array(roles.map(\.rawValue).sorted().map(JSONValue.string)) }

    static func overview(_ overview: UserOverview) -> JSONValue {
        [
            "user": Self.user(overview.user),
            "authenticators": .array(overview.authenticators.map(Self.authenticator)),
            "obstacles": .array(overview.obstacles.map(Self.obstacle)),
            "open_sessions": .integer(Int64(overview.openSessions)),
            "recent": .array(overview.recent.map(Self.entry)),
        ]
    }

    private static func authenticator(_ standing: AuthenticatorStanding) -> JSONValue {
        .object(omittingAbsent: [
            "id": .string(standing.summary.id.text), "kind": .string(standing.summary.kind.rawValue),
            "label": .string(standing.summary.label), "status": .string(standing.status.rawValue),
            "wrong_answers": .integer(Int64(standing.throttle.failures)),
            "blocked_until": standing.throttle.blockedUntil.map { .string($0.rfc3339) },
            "bound_at": .string(standing.bound.rfc3339),
            "last_used_at": standing.lastUsed.map { .string($0.rfc3339) },
        ])
    }

    /// - Parameter secret: one that was just made. It is shown here alone.
    static func application(_ application: Application, secret: SecretToken? = nil) -> JSONValue {
        let made = secret.map { [JSONValue.Member("client_secret", .string($0.text))] } ?? []
        return .object(
            [.init("client_id", .string(application.clientID))] + made + ClientMetadata.members(of: application))
    }

    static func credentials(_ clientID: String, _ secret: SecretToken?) -> JSONValue {
        .object(omittingAbsent: [
            "client_id": .string(clientID), "client_secret": secret.map { .string($0.text) },
        ])
    }

    static func entry(_ named: NamedAuditEntry) -> JSONValue {
        let (note, context) = (named.entry.note, named.entry.context)
        return .object(omittingAbsent: [
            "id": .string(named.entry.id.text), "at": .string(named.entry.at.rfc3339),
            "event": .string(note.event.rawValue), "outcome": .string(note.outcome.rawValue),
            "reason": note.reason.map { .string($0.rawValue) }, "user": named.user.map(JSONValue.string),
            "application": named.application.map(JSONValue.string),
            "authenticator": note.authenticator.map { .string($0.text) },
            "login": context.login.map { .string($0.text) }, "address": context.address.map(JSONValue.string),
            "request": context.request.map { .string($0.text) }, "actor": context.actor.map(JSONValue.string),
            "explanation": context.explanation.map(JSONValue.string),
        ])
    }
}
