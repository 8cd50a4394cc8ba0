// What an attacker makes of a good answer.

import Testing

/// A good callback with parameters set or taken away, and the page that must come.
struct HostileCallback: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: String
    let status: Int
    /// nil takes the parameter away.
    let set: [String: String?]
    let more: String

    init(_ name: String, _ error: String, _ status: Int = 400, set: [String: String?] = [:], more: String = "") {
        self.testDescription = name
        self.error = error
        self.status = status
        self.set = set
        self.more = more
    }

    /// - Parameter callback: path and query.
    func change(_ callback: String) -> String {
        let parts = callback.split(separator: "?", maxSplits: 1)
        let pairs = parts[1].split(separator: "&").compactMap { pair -> String? in
            let name = String(pair.prefix { $0 != "=" })
            guard let change = self.set[name] else { return String(pair) }
            return change.map { "\(name)=\($0)" }
        }
        let added = self.set.filter { name, _ in !pairs.contains { $0.hasPrefix(name + "=") } }
            .compactMap { name, value in value.map { "\(name)=\($0)" } }
        return parts[0] + "?" + (pairs + added).joined(separator: "&") + self.more
    }

    static let all: [HostileCallback] = [
        HostileCallback("wrong state", "unknown-login", set: ["state": "guess"]),
        HostileCallback("missing state", "unknown-login", set: ["state": nil]),
        HostileCallback("empty state", "unknown-login", set: ["state": ""]),
        HostileCallback("two states", "malformed-request", more: "&state=other"),
        HostileCallback("wrong iss", "wrong-issuer", set: ["iss": "http://localhost:1"]),
        HostileCallback("iss with a slash", "wrong-issuer", more: "/"),
        HostileCallback("missing iss", "wrong-issuer", set: ["iss": nil]),
        HostileCallback("another code", "code-refused", set: ["code": "guess"]),
        HostileCallback("missing code", "malformed-request", set: ["code": nil]),
        HostileCallback("empty code", "malformed-request", set: ["code": ""]),
        HostileCallback("code and error", "malformed-request", set: ["error": "access_denied"]),
        HostileCallback("denied", "access-denied", 403, set: ["code": nil, "error": "access_denied"]),
        HostileCallback(
            "denied by nobody", "wrong-issuer",
            set: ["code": nil, "error": "access_denied", "iss": nil]),
        HostileCallback("login required", "login-required", set: ["code": nil, "error": "login_required"]),
        HostileCallback("busy", "provider-busy", set: ["code": nil, "error": "temporarily_unavailable"]),
        HostileCallback("bad scope", "provider-refused", set: ["code": nil, "error": "invalid_scope"]),
        HostileCallback("markup", "provider-refused", set: ["code": nil, "error": "%3Cscript%3E"]),
        HostileCallback("bad UTF-8", "malformed-request", more: "&x=%ff"),
        HostileCallback("control character", "malformed-request", more: "&x=%00"),
        HostileCallback("very long", "malformed-request", more: "&x=" + String(repeating: "a", count: 9000)),
        HostileCallback(
            "nothing", "unknown-login", set: ["code": nil, "state": nil, "iss": nil]),
    ]
}
