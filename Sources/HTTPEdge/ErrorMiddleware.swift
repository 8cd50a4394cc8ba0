internal import Flows
internal import HTTPTypes
package import Hummingbird
internal import Identifiers
package import Logging
internal import Time

/// Turns every error into an answer for its audience. Outsiders get the public words, the log gets the inner error.
package struct ErrorMiddleware: RouterMiddleware {
    package typealias Render = @Sendable (PublicError, Request, EdgeContext) throws -> Response
    private let logger: Logger
    private let render: Render

    package init(logger: Logger, render: @escaping Render) {
        self.logger = logger
        self.render = render
    }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let shown = PublicError(error)
            self.log(error, shown, request, context)
            var response = try self.render(shown, request, context)
            if let allowed = shown.allowed { response.headers[.allow] = allowed }
            if let wait = shown.retryAfter { response.headers[.retryAfter] = "\(wait.secondsRoundedUp)" }
            return response
        }
    }

    private func log(_ error: any Error, _ shown: PublicError, _ request: Request, _ context: EdgeContext) {
        guard shown.status.code >= 500 else { return }
        self.logger.error(
            "request failed",
            metadata: [
                "request_id": "\(context.origin.request?.text ?? "none")", "route": "\(context.route)",
                "status": "\(shown.status.code)", "error": "\(error)",
            ])
    }
}
