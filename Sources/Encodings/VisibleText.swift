/// Text that people will read, from somebody who may wish to mislead them.
package enum VisibleText {
    /// Whether it shows as what it is: no controls, nothing that is not drawn, nothing that turns the direction of the rest.
    package static func isVisible(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.allSatisfy(self.isVisible)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
