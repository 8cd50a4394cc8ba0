// The two cookies of the page.

import Hummingbird
import Languages

/// Cookies know no ports: the names tell this program from others on the same host.
enum PageCookies {
    static let browserName = "countersign-card-simulator"
    static let languageName = "countersign-card-simulator-language"

    static func browser(of request: Request) -> BrowserID? {
        request.cookies[self.browserName].flatMap { BrowserID($0.value) }
    }

    static func newBrowser() -> BrowserID {
        var random = SystemRandomNumberGenerator()
        return BrowserID(using: &random)
    }

    /// Ends with the browser's session. Without `Secure`, since the page is served on loopback without TLS.
    static func cookie(for browser: BrowserID) -> Cookie {
        Cookie(name: self.browserName, value: browser.text, path: "/", secure: false, httpOnly: true, sameSite: .lax)
    }

    /// What was chosen before, else what the browser asks for.
    static func language(of request: Request) -> Language {
        request.cookies[self.languageName].flatMap { Language(rawValue: $0.value) }
            ?? Language(accepting: request.headers[.acceptLanguage])
    }

    static func cookie(for language: Language) -> Cookie {
        let year = 365 * 24 * 3600
        return Cookie(
            name: self.languageName, value: language.rawValue, maxAge: year, path: "/", secure: false, httpOnly: true,
            sameSite: .lax)
    }
}
