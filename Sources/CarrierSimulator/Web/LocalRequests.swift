import HTTPTypes
import Hummingbird

/// Lets only this machine's own pages and programs in. Any page of the internet can send requests to a loopback port.
struct LocalRequests: RouterMiddleware {
    func handle(
        _ request: Request, context: CarrierContext, next: (Request, CarrierContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isLocal(request.head.authority) else { return .plain("Not for this host.", .misdirectedRequest) }
        guard Self.isOurs(request) else { return .plain("From another site.", .forbidden) }
        return try await next(request, context)
    }

    /// A name of the internet that was made to lead here (DNS rebinding) is still that name.
    static func isLocal(_ authority: String?) -> Bool {
        guard let authority else { return false }
        let hosts = ["127.0.0.1", "localhost", "[::1]"]
        return hosts.contains { host in
            guard authority.hasPrefix(host) else { return false }
            let port = authority.dropFirst(host.count)
            return port.isEmpty
                || (port.hasPrefix(":") && (2...6).contains(port.count) && port.utf8.dropFirst().allSatisfy(isDigit))
        }
    }

    /// What browsers say of a request's origin must agree. A form says it always; a program says nothing, and sends no form.
    static func isOurs(_ request: Request) -> Bool {
        guard request.method != .get, request.method != .head else { return true }
        let site = request.headers[.secFetchSite].map { $0 == "same-origin" }
        let origin = request.headers[.origin].map { $0 == "http://\(request.head.authority ?? "")" }
        let vouched = site ?? origin ?? !request.isForm
        return vouched && (origin ?? true)
    }
}

extension Request {
    /// One of the kinds of body that a page can send anywhere without asking.
    var isForm: Bool {
        let type = self.headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        return ![nil, "application/json"].contains(type)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self.known("Referrer-Policy")
    static let secFetchSite = Self.known("Sec-Fetch-Site")
    static let crossOriginResourcePolicy = Self.known("Cross-Origin-Resource-Policy")
    static let crossOriginOpenerPolicy = Self.known("Cross-Origin-Opener-Policy")
    static let carrierSignature = Self.known("X-Carrier-Signature")

    private static func known(_ name: String) -> Self { Self(name) ?? .server }
}
