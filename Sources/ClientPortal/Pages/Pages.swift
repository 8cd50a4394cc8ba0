// Every page of the portal, from its template and the words of one language.

import Encodings
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Languages
import Mustache

/// Renders pages. It decides nothing about logins and sessions.
struct Pages: Sendable {
    let messages: Messages
    let address: PublicAddress
    private let library: MustacheLibrary

    init(messages: Messages, address: PublicAddress) throws {
        self.messages = messages
        self.address = address
        self.library = MustacheLibrary(
            templates: try PortalResources.templates.mapValues(MustacheTemplate.init(string:)))
    }

    /// - Parameter loggedOut: whether the visitor comes back from logging out.
    func front(language: Language, loggedOut: Bool) throws -> Response {
        try self.page("portal_front", .frontTitle, language, ["loggedOut": loggedOut])
    }

    func home(_ session: PortalSession, language: Language, now: Double) throws -> Response {
        let words = AuthenticationInWords(
            claims: session.claims, messages: self.messages, language: language, now: now)
        let content: [String: Any] = [
            "name": TemplateText.separated(session.name), "factors": words.factors,
            "severalFactors": words.usedSeveralFactors,
            "level": words.level, "time": words.time ?? "", "ago": words.ago,
            "machineTime": session.claims.authenticationTime.map(UTCTime.machine) ?? "",
            "holdings": SampleHolding.all.map { self.row(of: $0, language) },
            "total": Amount.text(cents: SampleHolding.all.map(\.value).reduce(0, +)),
        ]
        return try self.page("portal_home", .homeTitle, language, content, loggedIn: true)
    }

    func details(_ session: PortalSession, language: Language) throws -> Response {
        let rows = ClaimRow.rows(of: session.claims, messages: self.messages, language: language)
        let content = ["claims": rows.map(Self.cells)]
        return try self.page("portal_details", .detailsTitle, language, content, path: "/details", loggedIn: true)
    }

    /// Names and values of claims come from outside.
    private static func cells(_ row: ClaimRow) -> [String: String] {
        [
            "name": TemplateText.separated(row.name), "meaning": row.meaning,
            "value": TemplateText.separated(row.value),
        ]
    }

    func error(_ error: PortalError, language: Language) throws -> Response {
        let content: [String: Any] = [
            "code": error.rawValue, "heading": self.messages.text(error.title, in: language),
            "sentence": self.messages.text(error.sentence, in: language), "offersLogin": error.offersLogin,
            // Absolute: whoever came by another name of this host goes on under the name that logins come back to.
            "home": self.address.home,
        ]
        return try self.page("portal_error", error.title, language, content, status: error.status)
    }

    private func page(
        _ template: String, _ title: Phrase, _ language: Language, _ content: [String: Any],
        status: HTTPResponse.Status = .ok, path: String = "/", loggedIn: Bool = false
    ) throws -> Response {
        let others = Language.allCases.filter { $0 != language }
        let frame: [String: Any] = [
            "t": self.messages.all(in: language), "language": language.rawValue, "path": path, "loggedIn": loggedIn,
            "title": self.messages.text(title, in: language),
            "otherLanguages": others.map { ["tag": $0.rawValue, "name": $0.ownName] },
        ]
        let page = frame.merging(content) { own, _ in own }
        guard let html = self.library.render(page, withTemplate: template) else {
            throw PagesError.noTemplate(template)
        }
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .contentLanguage: language.rawValue,
            .vary: "Accept-Language, Cookie",
        ]
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private func row(of holding: SampleHolding, _ language: Language) -> [String: String] {
        [
            "symbol": holding.symbol, "name": self.messages.text(holding.name, in: language),
            "quantity": Amount.grouped(holding.quantity), "price": Amount.text(cents: holding.price),
            "value": Amount.text(cents: holding.value),
        ]
    }
}

enum PagesError: Error, Hashable, Sendable {
    case noTemplate(String)
}
