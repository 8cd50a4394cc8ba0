/// Why a file is not XML as it is read here, and on which line. It carries no piece of the file: that may be a secret.
package struct XMLError: Error, Hashable, Sendable {
    package let line: Int
    package let reason: Reason

    package enum Reason: Hashable, Sendable {
        case unreadable(String)
        case notUTF8
        case foreignEncoding
        case malformedDeclaration
        case controlCharacter
        case unexpectedEnd
        case documentType
        case undeclaredEntity
        case malformedReference
        case malformedMarkup
        case malformedName
        case undeclaredPrefix
        case forbiddenNamespace
        case duplicateAttribute
        case unmatchedEndTag
        case endOfCDATAInText
        case contentOutsideRoot
        case noRoot
        case tooDeep
        case tooLong
    }
}

extension XMLError.Reason: CustomStringConvertible {
    /// For whoever has the file.
    package var description: String {
        switch self {
        case .unreadable(let why): "the file cannot be read: \(why)"
        case .notUTF8: "the text is not UTF-8"
        case .foreignEncoding: "the file says that it is not in UTF-8"
        case .malformedDeclaration: "the XML declaration is malformed; only version 1.0 is read"
        case .controlCharacter: "there is a character that XML does not allow"
        case .unexpectedEnd: "the file ends too early: it has been cut off"
        case .documentType: "a document type (DOCTYPE) is never read"
        case .undeclaredEntity: "an entity is used that XML does not have by itself"
        case .malformedReference: "a character reference is malformed"
        case .malformedMarkup: "the markup is malformed"
        case .malformedName: "a name is malformed, or has characters outside ASCII"
        case .undeclaredPrefix: "a prefix is used that no xmlns declares"
        case .forbiddenNamespace: "a namespace is declared that must not be"
        case .duplicateAttribute: "an attribute is there twice"
        case .unmatchedEndTag: "the end tag is not that of the element that is open"
        case .endOfCDATAInText: "]]> stands in text"
        case .contentOutsideRoot: "there is content outside the root element"
        case .noRoot: "there is no root element: this is no XML file"
        case .tooDeep: "the elements are nested too deeply"
        case .tooLong: "an element, text, comment or name is too long"
        }
    }
}

extension XMLError: CustomStringConvertible {
    package var description: String { "line \(self.line): \(self.reason)" }
}
