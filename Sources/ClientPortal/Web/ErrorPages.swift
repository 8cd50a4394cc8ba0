// Errors become pages here, and nowhere else.

import Hummingbird
import HummingbirdCore
import Languages
import Logging

/// Renders what a handler threw in the visitor's language.
struct ErrorPages<Context: RequestContext>: RouterMiddleware {
    let pages: Pages

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let shown = Self.publicError(error)
            if shown == .internalFault { context.logger.error("Unexpected error", metadata: ["error": "\(error)"]) }
            return try self.pages.error(shown, language: Language(of: request))
        }
    }

    private static func publicError(_ error: any Error) -> PortalError {
        switch error {
        case let error as PortalError: error
        case let error as HTTPError where error.status == .notFound: .notFound
        case let error as HTTPError where (400..<500).contains(error.status.code): .malformedRequest
        default: .internalFault
        }
    }
}
