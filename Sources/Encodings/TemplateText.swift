/// Text from outside, made fit for a template engine that escapes by `Character`.
///
/// Such an engine (swift-mustache 2.1 is one) looks for the characters `& < > " '`. One of these that is joined with a
/// combining mark, a joiner or a prepended mark is another `Character`, and would go out as it is: out of its attribute.
package enum TemplateText {
    /// The text with such marks taken away from the five special characters; everything else is unchanged.
    package static func separated(_ text: String) -> String {
        guard text.contains(where: self.hidesSpecial) else { return text }
        return text.map { self.hidesSpecial($0) ? self.specials(of: $0) : String($0) }.joined()
    }

    private static func hidesSpecial(_ character: Character) -> Bool {
        character.unicodeScalars.count > 1 && character.unicodeScalars.contains(where: self.isSpecial)
    }

    private static func specials(of character: Character) -> String {
        String(String.UnicodeScalarView(character.unicodeScalars.filter(self.isSpecial)))
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "&", "<", ">", "\"", "'": true
        default: false
        }
    }
}
