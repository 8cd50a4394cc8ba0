internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identity

extension AdminEndpoints {
    func mountUsers(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/users", [.get: self.answer(self.findUsers), .post: self.answer(self.addUser)])
        routes.endpoint("/users/:username", [.get: self.answer(self.showUser), .patch: self.answer(self.changeUser)])
        routes.endpoint("/users/:username/disable", [.post: self.answer(self.disable)])
        routes.endpoint("/users/:username/enable", [.post: self.answer(self.enable)])
        routes.endpoint("/users/:username/roles", [.put: self.answer(self.setRoles)])
        routes.endpoint("/users/:username/lift-lock", [.post: self.answer(self.liftLock)])
        routes.endpoint("/users/:username/end-sessions", [.post: self.answer(self.endSessions)])
    }

    /// `?name=al&limit=20`
    private func findUsers(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        let query = try request.queryFields()
        let most = try AdminQuery.integer("limit", in: query, 1...100) ?? 20
        let typed = query["name"] ?? ""
        guard let prefix = typed.isEmpty ? "" : (try? UserName(typed))?.text else {
            throw PublicError.badRequest("name holds a character that no user name has")
        }
        let users = try await self.flow.users(beginning: prefix, most: most, by: claim)
        return .json(["users": .array(users.map(AdminBody.user))])
    }

    private func showUser(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        .json(AdminBody.overview(try await self.flow.user(try AdminCall.userName(context), by: claim)))
    }

    private func addUser(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        guard let name = try? UserName(try body.string("username", minimum: 1, maximum: 256)) else {
            throw PublicError.badRequest("username is not a user name")
        }
        let new = NewUser(
            name: name, displayName: try body.string("name", minimum: 1, maximum: 200),
            email: try Self.email(&body)?.text, roles: try Self.roles(&body),
            language: try Self.language(&body))
        let reason = try AdminCall.reason(&body)
        try body.finish()
        let user = try await self.flow.addUser(new, reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.user(user), status: .created)
    }

    private func changeUser(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let change = UserChange(email: try Self.email(&body), language: try Self.language(&body))
        let reason = try AdminCall.reason(&body)
        try body.finish()
        guard change.email != nil || change.language != nil else {
            throw PublicError.badRequest("name what is to change: email or language")
        }
        let name = try AdminCall.userName(context)
        let user = try await self.flow.change(change, of: name, reason: reason, by: claim, origin: context.origin)
        return .json(AdminBody.user(user))
    }

    private func disable(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try await self.acting(request, context) { name, reason in
            try await self.flow.setStatus(.disabled, of: name, reason: reason, by: claim, origin: context.origin)
            return [:]
        }
    }

    private func enable(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try await self.acting(request, context) { name, reason in
            try await self.flow.setStatus(.active, of: name, reason: reason, by: claim, origin: context.origin)
            return [:]
        }
    }

    private func liftLock(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try await self.acting(request, context) { name, reason in
            try await self.flow.liftLock(of: name, reason: reason, by: claim, origin: context.origin)
            return [:]
        }
    }

    private func endSessions(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        try await self.acting(request, context) { name, reason in
            let ended = try await self.flow.endSessions(of: name, reason: reason, by: claim, origin: context.origin)
            return ["ended": .integer(Int64(ended))]
        }
    }

    private func setRoles(_ request: Request, _ context: EdgeContext, _ claim: StaffClaim) async throws -> Response {
        var body = try await request.jsonObject()
        let (roles, reason) = (try Self.roles(&body), try AdminCall.reason(&body))
        try body.finish()
        let name = try AdminCall.userName(context)
        try await self.flow.setRoles(roles, of: name, reason: reason, by: claim, origin: context.origin)
        return .json(["roles": AdminBody.roles(roles)])
    }

    /// A call whose body is the reason alone.
    func acting(
        _ request: Request, _ context: EdgeContext, _ act: (UserName, String) async throws -> JSONValue
    ) async throws -> Response {
        var body = try await request.jsonObject()
        let reason = try AdminCall.reason(&body)
        try body.finish()
        return .json(try await act(try AdminCall.userName(context), reason))
    }

    private static func email(_ body: inout JSONObjectReader) throws -> EmailAddress? {
        try body.optionalString("email", minimum: 3, maximum: 254).map { text in
            guard let address = EmailAddress(text) else {
                throw PublicError.badRequest("email is not an address that notices can be sent to")
            }
            return address
        }
    }

    private static func language(_ body: inout JSONObjectReader) throws -> String? {
        guard let tag = try body.optionalString("language", maximum: 35) else { return nil }
        guard let language = Language(rawValue: tag) else {
            let tags = Language.allCases.map(\.rawValue).joined(separator: ", ")
            throw PublicError.badRequest("language is none of \(tags)")
        }
        return language.rawValue
    }

    private static func roles(_ body: inout JSONObjectReader) throws -> Set<Role> {
        Set(
            try (try body.optionalArray("roles", maximum: 10) ?? []).map { value in
                guard case .string(let text) = value, let role = Role(rawValue: text) else {
                    let words = Role.allCases.map(\.rawValue).joined(separator: ", ")
                    throw PublicError.badRequest("roles holds something else than \(words)")
                }
                return role
            })
    }
}
