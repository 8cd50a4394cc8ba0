internal import HTTPTypes
package import Hummingbird
package import Telemetry

/// What kind of program a request came in by, for metrics alone: it decides nothing.
package enum RequestDoor {
    /// Of the request that this task works for; a command's own work has none.
    @TaskLocal package static var current = "none"
}

/// Counts requests by route, method and class of status, with how long each took. The route is the template that
/// matched, never the path: a path holds identifiers, and every one would be a series of its own.
package struct MetricsMiddleware: RouterMiddleware {
    private let requests: Counter
    private let durations: Histogram
    private let door: @Sendable (_ path: String) -> String

    /// - Parameter door: the door of a path, one of a few words.
    package init(
        _ registry: MetricRegistry, door: @escaping @Sendable (_ path: String) -> String
    ) throws(MetricError) {
        self.door = door
        self.requests = try registry.counter(
            "countersign_http_requests_total", "Requests answered, by route, method and class of status.",
            labels: ["route", "method", "status"])
        self.durations = try registry.histogram(
            "countersign_http_request_seconds", "From a request to the beginning of its answer, by route.",
            labels: ["route"], bounds: Histogram.durations)
    }

    package func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await RequestDoor.$current.withValue(self.door(request.uri.path)) {
                try await next(request, context)
            }
            self.count(request, context, response.status, start)
            return response
        } catch {
            self.count(request, context, .internalServerError, start)
            throw error
        }
    }

    private func count(
        _ request: Request, _ context: EdgeContext, _ status: HTTPResponse.Status, _ start: ContinuousClock.Instant
    ) {
        let route = context.route
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        self.requests.add(1, route, method, "\(status.code / 100)xx")
        self.durations.observe(start.duration(to: .now).seconds, route)
    }

    /// A client may send any word as its method.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
