internal import Applications
internal import Audit
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity
internal import OAuth

/// Applications and the audit trail.
extension AdminEndpoints {
    func mountRecords(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint(
            "/applications", [.get: self.answer(self.applications), .post: self.answer(self.register)])
        routes.endpoint("/audit", [.get: self.answer(self.audit)])
    }

    private func applications(
        _ request: Request, _ context: EdgeContext, _ claim: StaffClaim
    ) async throws -> Response {
        let all = try await self.flow.applications(by: claim)
        return .json(["applications": .array(all.map(AdminBody.application))])
    }

    private func register(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let clientID = try body.string("client_id", minimum: 1, maximum: 100)
        guard clientID.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }) else {
            throw PublicError.badRequest("client_id has visible ASCII characters alone, and no colon")
        }
        let isConfidential = try body.optionalBool("confidential") ?? true
        let registration = try Self.registration(&body)
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let secret = try await self.flow.register(
            clientID, registration, secret: isConfidential, reason: reason, by: claim, origin: context.origin)
        return .json(
            .object(omittingAbsent: [
                "client_id": .string(clientID), "client_secret": secret.map { .string($0.text) },
            ]), status: .created)
    }

    private static func registration(_ body: inout JSONObjectReader) throws -> ApplicationRegistration {
        guard let kind = ApplicationKind(rawValue: try body.optionalString("kind", maximum: 20) ?? "web") else {
            throw PublicError.badRequest("kind is not web or native")
        }
        let permissions = try Self.texts("permissions", &body).map { text in
            guard let permission = ApplicationPermission(rawValue: text) else {
                let words = ApplicationPermission.allCases.map(\.rawValue).joined(separator: ", ")
                throw PublicError.badRequest("permissions holds something else than \(words)")
            }
            return permission
        }
        return ApplicationRegistration(
            name: try body.string("name", minimum: 1, maximum: 200),
            nameInTraditionalChinese: try body.optionalString("name_zh_hant", minimum: 1, maximum: 200), kind: kind,
            redirectURIs: try Self.addresses("redirect_uris", kind, &body),
            postLogoutRedirectURIs: try Self.addresses("post_logout_redirect_uris", kind, &body),
            permissions: Set(permissions))
    }

    private static func addresses(
        _ name: String, _ kind: ApplicationKind, _ body: inout JSONObjectReader
    ) throws -> [String] {
        try Self.texts(name, &body).map { text in
            do {
                return try RedirectURI(parsing: text, native: kind == .native).text
            } catch {
                throw PublicError.badRequest("\(name) holds an address that cannot be registered: \(error)")
            }
        }
    }

    static func texts(_ name: String, _ body: inout JSONObjectReader) throws -> [String] {
        try (try body.optionalArray(name, maximum: 100) ?? []).map { value in
            guard case .string(let text) = value else { throw PublicError.badRequest("\(name) is not a list of texts") }
            return text
        }
    }

    /// `?user=alice&event=login.granted&outcome=failure&since=…&until=…&before=ID&limit=50`
    private func audit(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        let query = try request.queryFields()
        try AdminQuery.refuseOthers(
            than: [
                "user", "application", "event", "outcome", "actor", "address", "since", "until", "before", "limit",
            ], in: query)
        var filter = AuditFilter(most: try AdminQuery.integer("limit", in: query, 1...1000) ?? 50)
        filter.event = try AdminQuery.choice("event", in: query)
        filter.outcome = try AdminQuery.choice("outcome", in: query)
        (filter.actor, filter.address) = (query["actor"], query["address"])
        filter.since = try AdminQuery.time("since", in: query)
        filter.until = try AdminQuery.time("until", in: query)
        if let text = query["before"] {
            guard let id = AuditEntryID(text) else { throw PublicError.badRequest("before is not an entry's id") }
            filter.before = id
        }
        var name: UserName?
        if let typed = query["user"] {
            guard let user = try? UserName(typed) else { throw StaffError.noSuchUser }
            name = user
        }
        let entries = try await self.flow.audit(filter, user: name, application: query["application"], by: claim)
        return .json(["entries": .array(entries.map(AdminBody.entry))])
    }
}
