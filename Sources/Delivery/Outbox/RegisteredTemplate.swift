package import Channels

/// By the provider's name, then by region (ISO 3166-1 alpha-2).
package typealias RegisteredTemplates = [String: [String: RegisteredTemplate]]

/// The text of a code message as the operator has registered it with a country's carriers, who let no other through.
package struct RegisteredTemplate: Hashable, Sendable {
    /// With the marks `{{code}}`, `{{firm}}` and `{{application}}`.
    package let text: String
    /// Whether the line that ties the code to the server's address may follow. Most countries forbid any addition.
    package let allowsOriginLine: Bool
    /// What its carriers want to be told with each message.
    package let registration: MessageRegistration?

    /// - Throws: ``RegisteredTemplateError`` for a text without a code, with a mark that nobody fills in, or too long.
    package init(
        _ text: String, allowsOriginLine: Bool = false, registration: MessageRegistration? = nil
    ) throws(RegisteredTemplateError) {
        guard text.unicodeScalars.count <= 500 else { throw .tooLong }
        let marks = MessagePattern(text).marks
        guard marks.contains("code") else { throw .noCode }
        if let unknown = marks.first(where: { !["code", "firm", "application"].contains($0) }) {
            throw .unknownMark(unknown)
        }
        self.text = text
        self.allowsOriginLine = allowsOriginLine
        self.registration = registration
    }
}

package enum RegisteredTemplateError: Error, Hashable, Sendable {
    case noCode, tooLong
    case unknownMark(String)
}

/// A text with marks, `{{name}}`, that are filled in once: what is put in is not looked at again.
struct MessagePattern {
    private enum Part {
        case text(Substring)
        case mark(String)
    }

    private let parts: [Part]

    init(_ text: String) {
        var (parts, rest) = ([Part](), Substring(text))
        while let start = rest.firstRange(of: "{{"), let end = rest[start.upperBound...].firstRange(of: "}}") {
            parts += [.text(rest[..<start.lowerBound]), .mark(String(rest[start.upperBound..<end.lowerBound]))]
            rest = rest[end.upperBound...]
        }
        self.parts = parts + [.text(rest)]
    }

    var marks: [String] {
        self.parts.compactMap { part in
            guard case .mark(let name) = part else { return nil }
            return name
        }
    }

    /// Values stay on one line: a line of its own would be read as the server's.
    func filled(_ values: [String: String]) -> String {
        self.parts.map { part in
            switch part {
            case .text(let text): String(text)
            case .mark(let name): Self.oneLine(values[name] ?? "")
            }
        }.joined()
    }

    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
    }
}
