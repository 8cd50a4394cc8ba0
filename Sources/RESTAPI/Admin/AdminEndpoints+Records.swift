internal import Audit
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Identifiers
internal import Identity

/// The audit trail.
extension AdminEndpoints {
    func mountRecords(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint("/audit", [.get: self.answer(self.audit)])
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
