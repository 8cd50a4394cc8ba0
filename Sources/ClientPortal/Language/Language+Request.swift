import Hummingbird
import HummingbirdCore
import Languages

extension Language {
    /// The visitor's choice if he made one, else what his browser prefers.
    init(of request: Request) {
        let chosen = PortalCookie.language.value(in: request).flatMap(Language.init(rawValue:))
        self = chosen ?? Language(accepting: request.headers[.acceptLanguage])
    }
}
