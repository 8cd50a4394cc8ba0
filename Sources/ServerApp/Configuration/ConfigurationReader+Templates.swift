internal import Channels
internal import Delivery
internal import Outbox

/// `templates` of a provider: the texts that a country's carriers let through, by country.
extension ConfigurationReader {
    /// - Parameter key: the provider's.
    mutating func templates(_ key: String, channel: MessageChannel) -> [String: RegisteredTemplate] {
        var templates: [String: RegisteredTemplate] = [:]
        for region in self.source.names(below: "\(key).templates") {
            let name = "\(key).templates.\(region)"
            let template = self.template(name)
            guard channel == .text else {
                self.source.note(name, nil, "is not for a provider of this kind", hint: "texts alone have templates")
                continue
            }
            guard Self.isRegion(region) else {
                self.source.note(
                    name, nil, "does not name a country", hint: "two capital letters (ISO 3166-1), for example IN")
                continue
            }
            templates[region] = template
        }
        return templates
    }

    private mutating func template(_ name: String) -> RegisteredTemplate? {
        let text = self.required("\(name).text")
        let (template, entity) = (self.registered("\(name).template_id"), self.registered("\(name).entity_id"))
        let takesLine = self.flag("\(name).origin_line") ?? false
        if template == nil, entity != nil {
            self.source.note(
                "\(name).template_id", nil, "is missing beside entity_id",
                hint: "the carriers ask for both, or for none")
        }
        guard let text else { return nil }
        do throws(RegisteredTemplateError) {
            return try RegisteredTemplate(
                text, allowsOriginLine: takesLine,
                registration: template.map { MessageRegistration(template: $0, entity: entity) })
        } catch {
            self.note(error, "\(name).text")
            return nil
        }
    }

    /// The name that a register gave.
    private mutating func registered(_ key: String) -> String? {
        guard let text = self.text(key) else { return nil }
        if (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return text }
        self.source.note(
            key, self.source.setting(key), "is not a name of a register", hint: "1 to 64 letters and digits")
        return nil
    }

    private mutating func note(_ error: RegisteredTemplateError, _ key: String) {
        let (words, hint) =
            switch error {
            case .noCode: ("has no place for the code", "write {{code}} where the code stands")
            case .tooLong: ("is longer than 500 characters", "write it as it is registered")
            case .unknownMark: ("has a mark that nobody fills in", "there are {{code}}, {{firm}} and {{application}}")
            }
        self.source.note(key, self.source.setting(key), words, hint: hint)
    }
}
