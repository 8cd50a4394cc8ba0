// XML: one document of XML 1.0 with namespaces, read strictly and in bounded memory. Not here: document types, entities of
// one's own, encodings other than UTF-8, names outside ASCII, and writing.

/// A name with the namespace that its prefix stands for; the prefix itself means nothing.
package struct XMLName: Hashable, Sendable {
    /// Empty for a name in no namespace.
    package let namespace: String
    package let local: String

    package init(_ local: String, in namespace: String = "") {
        self.local = local
        self.namespace = namespace
    }
}

package struct XMLAttribute: Hashable, Sendable {
    package let name: XMLName
    package let value: String
}

/// An element with all that is in it.
package struct XMLElement: Hashable, Sendable {
    package let name: XMLName
    /// The line of its start tag, from 1.
    package let line: Int
    /// Without the declarations of namespaces.
    package let attributes: [XMLAttribute]
    package internal(set) var children: [XMLElement] = []
    /// The character data directly in it, put together: comments do not part it.
    package internal(set) var text = ""

    package var hasText: Bool { !self.text.utf8.allSatisfy(XMLCharacters.isWhiteSpace) }
}
