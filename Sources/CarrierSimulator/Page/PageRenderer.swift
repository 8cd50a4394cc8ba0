import Mustache

/// Fills the templates. It decides nothing and stores nothing.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    let clock: WallClock

    init(clock: WallClock) throws {
        var library = MustacheLibrary()
        for (name, bytes) in Self.templates {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        (self.library, self.clock) = (library, clock)
    }

    static var templates: [(name: String, bytes: [UInt8])] {
        [
            ("page", PackageResources.carrier_simulator_page_mustache),
            ("phones", PackageResources.carrier_simulator_phones_mustache),
            ("phone", PackageResources.carrier_simulator_phone_mustache),
            ("call", PackageResources.carrier_simulator_call_mustache),
            ("setup", PackageResources.carrier_simulator_setup_mustache),
            ("mails", PackageResources.carrier_simulator_mails_mustache),
        ]
    }

    /// All telephones, or one, large.
    func page(
        _ state: (carrier: Carrier, version: Int), only number: PhoneNumber?, setup: PageContent.Setup?,
        problem: PageMessage? = nil, in language: PageLanguage
    ) -> String {
        let phones = self.phones(state, only: number, in: language)
        let heading = number.map { PageMessage.phoneOf.text(in: language, $0.text) }
        return self.page(
            heading ?? PageMessage.title.text(in: language), problem: problem, phones: phones, setup: setup,
            place: number.map { "/\($0.digits)" } ?? "", in: language)
    }

    /// The part that changes, by itself.
    func live(
        _ state: (carrier: Carrier, version: Int), only number: PhoneNumber?, in language: PageLanguage
    ) -> String {
        self.library.render(self.phones(state, only: number, in: language), withTemplate: "phones") ?? ""
    }

    func mails(_ carrier: Carrier, in language: PageLanguage) -> String {
        self.page(
            PageMessage.mails.text(in: language), problem: nil, phones: nil,
            mails: PageContent.Mails(carrier, clock: self.clock, in: language), setup: nil, place: "/mails",
            in: language)
    }

    func failure(_ title: PageMessage, _ problem: PageMessage, in language: PageLanguage) -> String {
        self.page(title.text(in: language), problem: problem, phones: nil, setup: nil, place: "", in: language)
    }

    private func phones(
        _ state: (carrier: Carrier, version: Int), only number: PhoneNumber?, in language: PageLanguage
    ) -> PageContent.Phones {
        PageContent.Phones(state.carrier, version: state.version, only: number, clock: self.clock, in: language)
    }

    private func page(
        _ heading: String, problem: PageMessage?, phones: PageContent.Phones?, mails: PageContent.Mails? = nil,
        setup: PageContent.Setup?, place: String, in language: PageLanguage
    ) -> String {
        let content = PageContent(
            tag: language.rawValue, heading: heading, problem: problem?.text(in: language), phones: phones,
            mails: mails, setup: setup,
            languages: PageLanguage.allCases.map { choice in
                PageContent.LanguageLink(
                    languageTag: choice.rawValue, ownName: choice.ownName, current: choice == language,
                    address: "/language/\(choice.rawValue)\(place)")
            },
            text: PageMessage.texts(in: language))
        return self.library.render(content, withTemplate: "page") ?? ""
    }
}

extension PageMessage {
    static func texts(in language: PageLanguage) -> [String: String] {
        Dictionary(uniqueKeysWithValues: Self.allCases.map { ($0.rawValue, $0.text(in: language)) })
    }
}
