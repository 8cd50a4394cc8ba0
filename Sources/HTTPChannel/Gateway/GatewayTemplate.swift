/// What a message and its gateway bring into a template: `{{to}}`.
package enum GatewayField: String, Sendable, CaseIterable {
    /// In E.164, with its plus sign.
    case to
    /// The same without the plus sign.
    case toDigits = "to_digits"
    case from
    case text
    /// The delivery's own id: the same for a retry.
    case id
    case callback
    /// What is left of the message's life: whole seconds, at least 1.
    case seconds
    case milliseconds
    /// Rounded up.
    case minutes
    /// The end of its life, as RFC 3339.
    case expires
    case alphabet
    /// Under what the country's carriers know the text, and who sends it; without a registered template nobody has these.
    case templateID = "template_id"
    case entityID = "entity_id"
    case user
    case password
}

/// A text with places in it, parsed once.
struct GatewayTemplate: Sendable {
    enum Piece: Hashable, Sendable {
        case literal(String)
        case field(GatewayField)
    }

    let pieces: [Piece]

    init(
        parsing text: String, allowed: Set<GatewayField> = Set(GatewayField.allCases)
    ) throws(GatewaySettingsError) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            if open.lowerBound > rest.startIndex { pieces.append(.literal(String(rest[..<open.lowerBound]))) }
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { throw .unclosedPlaceholder(in: text) }
            let name = String(rest[..<close.lowerBound])
            guard let field = GatewayField(rawValue: name), allowed.contains(field) else {
                throw .unknownPlaceholder(name)
            }
            pieces.append(.field(field))
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.pieces = pieces
    }

    /// The text as it stands, unescaped; nil if a place has no value, so that what needs it is left out.
    func filled(_ values: GatewayValues) -> String? {
        var text = ""
        for piece in self.pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .field(let field):
                guard let value = values[field] else { return nil }
                text += value
            }
        }
        return text
    }
}

/// A name with its template.
struct TemplatePair: Sendable {
    let name: String
    let template: GatewayTemplate

    init(_ pair: GatewayPair) throws(GatewaySettingsError) {
        self.name = pair.name
        self.template = try GatewayTemplate(parsing: pair.value)
    }

    func filled(_ values: GatewayValues) -> (String, String)? {
        self.template.filled(values).map { (self.name, $0) }
    }
}
