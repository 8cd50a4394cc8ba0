// What a link to /login may ask of the provider (OpenID Connect Core 1.0 section 3.1.2.1).

/// `prompt`, `max_age` and `ui_locales`, passed on as they are once they are well-formed.
struct AuthorizationOptions: Hashable, Sendable {
    var prompt: String?
    /// Seconds.
    var maxAge: Int?
    var uiLocales: String?

    init(prompt: String? = nil, maxAge: Int? = nil, uiLocales: String? = nil) {
        self.prompt = prompt
        self.maxAge = maxAge
        self.uiLocales = uiLocales
    }

    init(query: FormFields) throws(PortalError) {
        self.prompt = query["prompt"]
        self.uiLocales = query["ui_locales"]
        let words = self.prompt?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        guard words.allSatisfy({ ["none", "login", "consent", "select_account"].contains($0) }) else {
            throw .malformedRequest
        }
        guard (self.uiLocales ?? "").utf8.allSatisfy(Self.isOfLocale), (self.uiLocales ?? "").utf8.count <= 100 else {
            throw .malformedRequest
        }
        guard let maxAge = query["max_age"] else { return }
        guard maxAge.utf8.count <= 9, maxAge.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int(maxAge)
        else {
            throw .malformedRequest
        }
        self.maxAge = seconds
    }

    var asksForFreshLogin: Bool { self.prompt?.split(separator: " ").contains("login") ?? false }

    var parameters: [(name: String, value: String)] {
        [("prompt", self.prompt), ("max_age", self.maxAge.map(String.init)), ("ui_locales", self.uiLocales)]
            .compactMap { name, value in value.map { (name, $0) } }
    }

    private static func isOfLocale(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x20: true
        default: false
        }
    }
}
