internal import Encodings
internal import XML

/// Reads a container from its start, one package at a time. It gives packages out before the end was seen: only
/// ``PSKCDocument``, which waits, is for others.
struct PSKCReader {
    private var xml: XMLReader
    private let credential: PSKCCredential?
    private(set) var id: String?
    private(set) var protection = PSKCProtection.none
    private(set) var isSigned = false
    private var opener: ValueOpener?
    private var ids: Set<String> = []
    private var hasPackages = false
    private var isMACMethodRead = false

    /// More would not be a file of devices.
    private static let mostKeys = 1_000_000

    var line: Int { self.xml.line }
    var offset: Int { self.xml.offset }

    init(_ source: ByteSource, credential: PSKCCredential?) throws(PSKCError) {
        self.xml = XMLReader(source)
        self.credential = credential
        try self.readRoot()
    }

    private mutating func readRoot() throws(PSKCError) {
        let root: XMLElement
        do { root = try self.xml.root() } catch { throw PSKCError(error) }
        guard root.name == XMLName("KeyContainer", in: PSKCNamespace.pskc) else {
            throw PSKCError(line: root.line, reason: .notPSKC)
        }
        var element = PSKCElement(root)
        guard element.attribute("Version") == "1.0" else { throw element.error(.unsupportedVersion) }
        // RFC 6030 figure 8 writes it small.
        self.id = element.attribute("Id") ?? element.attribute("id")
        try element.finish()
    }

    private mutating func nextChild() throws(PSKCError) -> XMLElement? {
        do { return try self.xml.nextChild() } catch { throw PSKCError(error) }
    }

    /// nil when the container has come to its proper end.
    mutating func nextPackage() throws(PSKCError) -> PSKCKeyPackage? {
        while let child = try self.nextChild() {
            let element = PSKCElement(child)
            switch (child.name.namespace, child.name.local) {
            case (PSKCNamespace.pskc, "KeyPackage"): return try self.package(element)
            case (PSKCNamespace.pskc, "EncryptionKey"): try self.readEncryptionKey(element)
            case (PSKCNamespace.pskc, "MACMethod"): try self.readMACMethod(element)
            case (PSKCNamespace.pskc, "Extensions"): break
            // The figure of section 7 has it in the container's namespace (erratum 3418).
            case (PSKCNamespace.signature, "Signature"), (PSKCNamespace.pskc, "Signature"): self.isSigned = true
            default: throw element.error(.unexpectedElement(element.name))
            }
        }
        return nil
    }

    private mutating func readEncryptionKey(_ element: PSKCElement) throws(PSKCError) {
        guard !self.hasPackages, !self.isMACMethodRead else { throw element.error(.misplacedElement(element.name)) }
        guard self.protection == .none else { throw element.error(.repeatedElement(element.name)) }
        let key = try EncryptionKey(element)
        self.protection = key.protection
        self.opener = ValueOpener(key: try key.unlock(with: self.credential))
    }

    private mutating func readMACMethod(_ element: PSKCElement) throws(PSKCError) {
        guard !self.hasPackages else { throw element.error(.misplacedElement(element.name)) }
        guard !self.isMACMethodRead else { throw element.error(.repeatedElement(element.name)) }
        self.isMACMethodRead = true
        guard self.opener != nil else { throw element.error(.missingEncryptionKey) }
        try self.opener?.readMACMethod(element)
    }

    private mutating func package(_ element: PSKCElement) throws(PSKCError) -> PSKCKeyPackage {
        self.hasPackages = true
        let package = try PSKCKeyPackage(element, &self.opener)
        if let id = package.key?.id, !self.ids.insert(id).inserted { throw element.error(.duplicateID(id)) }
        guard self.ids.count <= Self.mostKeys else { throw element.error(.tooManyKeys(limit: Self.mostKeys)) }
        return package
    }
}
