// The portal's three cookies. Ports do not separate the cookies of one host (RFC 6265 section 8.5), so each name carries
// the portal's own.

import Hummingbird
import HummingbirdCore

enum PortalCookie: String, CaseIterable, Sendable {
    case session = "countersign-client-portal-session"
    case login = "countersign-client-portal-login"
    case language = "countersign-client-portal-language"

    func value(in request: Request) -> String? { request.cookies[self.rawValue]?.value }

    /// - Parameter seconds: nil until the browser closes, 0 to delete.
    func set(_ value: String, for seconds: Int?, secure: Bool, on response: inout Response) {
        response.setCookie(
            Cookie(
                name: self.rawValue, value: value, maxAge: seconds, path: "/", secure: secure, httpOnly: true,
                sameSite: .lax))
    }

    func delete(secure: Bool, on response: inout Response) { self.set("", for: 0, secure: secure, on: &response) }
}
