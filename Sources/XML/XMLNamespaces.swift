/// The prefixes that are declared where the reader stands (Namespaces in XML 1.0).
struct XMLNamespaces {
    private var bindings: [(prefix: String, namespace: String)] = [("xml", Self.xml), ("", "")]

    static let xml = "http://www.w3.org/XML/1998/namespace"
    private static let xmlns = "http://www.w3.org/2000/xmlns/"

    /// To be given to ``leave(_:)`` at the element's end.
    var mark: Int { self.bindings.count }

    mutating func leave(_ mark: Int) { self.bindings.removeSubrange(mark...) }

    func namespace(of prefix: String) -> String? {
        self.bindings.last { $0.prefix == prefix }?.namespace
    }

    /// - Returns: whether it may be declared (section 3): not the two that XML itself has, and no prefix for nothing.
    mutating func declare(_ prefix: String, as namespace: String) -> Bool {
        guard namespace.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        guard prefix != "xmlns", prefix != "xml", namespace != Self.xml, namespace != Self.xmlns else { return false }
        guard prefix.isEmpty || !namespace.isEmpty else { return false }
        self.bindings.append((prefix, namespace))
        return true
    }
}
