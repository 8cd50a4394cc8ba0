import Hummingbird

/// The languages of the page, and how a browser asks for one. The raw value is the BCP 47 tag.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case traditionalChinese = "zh-Hant"

    /// Cookies know no ports: the name tells this program from others on the same host.
    private static let cookieName = "countersign-carrier-simulator-language"

    /// The name of the language in itself.
    var ownName: String {
        switch self {
        case .english: "English"
        case .traditionalChinese: "繁體中文"
        }
    }

    /// What was chosen before, else what the browser asks for.
    init(of request: Request) {
        self =
            request.cookies[Self.cookieName].flatMap { Self(rawValue: $0.value) }
            ?? Self(accepting: request.headers[.acceptLanguage])
    }

    /// Takes the language of `Accept-Language` with the greatest weight, the first among equals (RFC 9110 section
    /// 12.5.4); English if there is none that we have.
    init(accepting header: String?) {
        var best: (language: Self, weight: Double)?
        for range in (header ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first, let language = Self(tag: tag) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        self = best?.language ?? .english
    }

    /// Any Chinese is Traditional Chinese here: nearer to its reader than English.
    private init?(tag: String) {
        switch tag.lowercased().split(separator: "-").first {
        case "en", "*": self = .english
        case "zh": self = .traditionalChinese
        default: return nil
        }
    }

    /// Without `Secure`, since the page is served on loopback without TLS.
    var cookie: Cookie {
        let year = 365 * 24 * 3600
        return Cookie(
            name: Self.cookieName, value: self.rawValue, maxAge: year, path: "/", secure: false, httpOnly: true,
            sameSite: .lax)
    }
}
