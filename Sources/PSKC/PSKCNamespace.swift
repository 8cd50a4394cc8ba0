/// The namespaces of RFC 6030 section 1.3.
enum PSKCNamespace {
    static let pskc = "urn:ietf:params:xml:ns:keyprov:pskc"
    static let signature = "http://www.w3.org/2000/09/xmldsig#"
    static let encryption = "http://www.w3.org/2001/04/xmlenc#"
    static let encryption11 = "http://www.w3.org/2009/xmlenc11#"
    static let pkcs5 = "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#"

    /// Figure 7 has the parameters of PBKDF2 in no namespace; XML Encryption 1.1 has them in its own.
    static let derivation = [Self.pkcs5, Self.encryption11, "", Self.pskc]
}
