internal import Authenticators
internal import Encodings
internal import Flows
internal import HTTPEdge
internal import Hummingbird
internal import Login
internal import ServiceLifecycle
internal import Time

/// What the page of a code has its script ask for, so that what it says of the code stays true without a reload.
extension LoginPages {
    /// Shorter than what browsers and proxies take for a dead connection.
    private static let patience = Span.seconds(25)

    static func following(_ code: CodeOnItsWay, _ base: String) -> [String: Any] {
        ["follow_href": "\(base)/code", "page_href": base, "mark": code.mark]
    }

    /// `GET /login/{id}/code?known={mark}`: what is to be said once it is another thing than the page says, or after a
    /// while; `over` where the login waits for no code any more.
    @Sendable func follow(_ request: Request, context: EdgeContext) async throws -> Response {
        let ticket = try self.ticket(request, context)
        let known = try request.queryFields()["known"]
        var view = try await self.flow.view(ticket)
        if let changes = self.changes(ticket, view) {
            view = try await self.flow.view(ticket)
            if !Self.isNews(view, to: known) {
                // A server that stops waits for nobody.
                await cancelWhenGracefulShutdown { await changes.next(atMost: Self.patience) }
                view = try await self.flow.view(ticket)
            }
        }
        return try .json(self.news(view, known, request, context))
    }

    private func changes(_ ticket: LoginTicket, _ view: LoginView) -> LoginChanges? {
        if case .granted = view.state { return self.waiters.changes(of: ticket.id) }
        return view.state.code.map { self.waiters.changes(of: ticket.id, and: $0.id) }
    }

    private static func isNews(_ view: LoginView, to known: String?) -> Bool {
        switch view.state {
        // Whoever typed the code is on his way.
        case .granted: false
        case .awaitingResponse: view.codeOnItsWay.map { $0.mark != known } ?? true
        case .awaitingPassword, .choosingFactor, .finished, .refused: true
        }
    }

    private func news(
        _ view: LoginView, _ known: String?, _ request: Request, _ context: EdgeContext
    ) throws -> JSONValue {
        guard Self.isNews(view, to: known) else { return ["mark": .string(known ?? "")] }
        guard let code = view.codeOnItsWay else { return ["over": true] }
        let messages = try self.context(request, context, view, path: request.uri.path).messages
        return .object(omittingAbsent: [
            "mark": .string(code.mark), "lead": .string(code.lead(messages, at: view.at)),
            "delivery": code.status(messages).map(JSONValue.string),
        ])
    }
}

extension LoginView {
    /// nil where the login waits for none.
    var codeOnItsWay: CodeOnItsWay? {
        self.state.code.map { CodeOnItsWay($0, self.delivery, to: self.phoneLabel ?? "") }
    }
}
