// The documents of RFC 6030, cut to what differs between them, with their own bytes.

enum Figures {
    static let hotp = "urn:ietf:params:xml:ns:keyprov:pskc:hotp"

    private static func container(_ content: String, _ attributes: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <KeyContainer Version="1.0"\(attributes)
            xmlns="urn:ietf:params:xml:ns:keyprov:pskc"
            xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
            xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">
        \(content)
        </KeyContainer>
        """
    }

    private static func device(_ serial: String = "987654321", user: String = "") -> String {
        """
        <DeviceInfo><Manufacturer>Manufacturer</Manufacturer><SerialNo>\(serial)</SerialNo>\(user)</DeviceInfo>
        <CryptoModuleInfo><Id>CM_ID_001</Id></CryptoModuleInfo>
        """
    }

    private static let response =
        "<AlgorithmParameters><ResponseFormat Length=\"8\" Encoding=\"DECIMAL\"/></AlgorithmParameters>"
    private static let plainSecret = "<Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=\n   </PlainValue></Secret>"
    private static let counter = "<Counter><PlainValue>0</PlainValue></Counter>"

    static let basic = container(
        """
        <KeyPackage><Key Id="12345678" Algorithm="\(hotp)"><Issuer>Issuer-A</Issuer>
        <Data><Secret><PlainValue>MTIzNA==
        </PlainValue></Secret></Data></Key></KeyPackage>
        """, " Id=\"exampleID1\"")

    static let supplementary = container(
        """
        <KeyPackage>\(device(user: "<UserId>DC=example-bank,DC=net</UserId>"))
        <Key Id="12345678" Algorithm="\(hotp)"><Issuer>Issuer</Issuer>\(response)
        <Data>\(plainSecret)\(counter)</Data><UserId>UID=jsmith,DC=example-bank,DC=net</UserId></Key></KeyPackage>
        """)

    static let derivation = container(
        """
        <KeyPackage>\(device())<Key Id="12345678" Algorithm="\(hotp)"><Issuer>Issuer</Issuer>\(response)
        <KeyProfileId>keyProfile1</KeyProfileId><KeyReference>MasterKeyLabel
        </KeyReference><Data>\(counter)</Data><Policy><KeyUsage>OTP</KeyUsage></Policy></Key></KeyPackage>
        """)

    static let withPIN = container(
        """
        <KeyPackage>\(device())<Key Id="12345678" Algorithm="\(hotp)"><Issuer>Issuer</Issuer>\(response)
        <Data>\(plainSecret)\(counter)</Data>
        <Policy><PINPolicy MinLength="4" MaxLength="4" PINKeyId="123456781" PINEncoding="DECIMAL"
            PINUsageMode="Local"/><KeyUsage>OTP</KeyUsage></Policy></Key></KeyPackage>
        <KeyPackage>\(device())<Key Id="123456781" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:pin">
        <Issuer>Issuer</Issuer>
        <AlgorithmParameters><ResponseFormat Length="4" Encoding="DECIMAL"/></AlgorithmParameters>
        <Data><Secret><PlainValue>MTIzNA==</PlainValue></Secret></Data></Key></KeyPackage>
        """)

    /// Figure 6. Its key is 12345678901234567890123456789012 in hexadecimal.
    static let sharedKey = container(
        """
        <EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>
        <MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><MACKey>
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
        <xenc:CipherData><xenc:CipherValue>
            ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX
        </xenc:CipherValue></xenc:CipherData></MACKey></MACMethod>
        <KeyPackage>\(device())<Key Id="12345678" Algorithm="\(hotp)"><Issuer>Issuer</Issuer>\(response)<Data><Secret>
        <EncryptedValue><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
        <xenc:CipherData><xenc:CipherValue>
            AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv
        </xenc:CipherValue></xenc:CipherData></EncryptedValue>
        <ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=
        </ValueMAC></Secret>\(counter)</Data></Key></KeyPackage>
        """)
    static let sharedKeyBytes: [UInt8] = [
        0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12,
    ]

    /// Figure 7. Its password is qwerty.
    static let password = """
        <?xml version="1.0" encoding="UTF-8"?>
        <pskc:KeyContainer xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc"
          xmlns:xenc11="http://www.w3.org/2009/xmlenc11#"
          xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#"
          xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Version="1.0">
        <pskc:EncryptionKey><xenc11:DerivedKey>
          <xenc11:KeyDerivationMethod
            Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">
          <pkcs5:PBKDF2-params><Salt><Specified>Ej7/PEpyEpw=</Specified></Salt>
            <IterationCount>1000</IterationCount><KeyLength>16</KeyLength><PRF/></pkcs5:PBKDF2-params>
          </xenc11:KeyDerivationMethod>
          <xenc:ReferenceList><xenc:DataReference URI="#ED"/></xenc:ReferenceList>
          <xenc11:MasterKeyName>My Password 1</xenc11:MasterKeyName></xenc11:DerivedKey></pskc:EncryptionKey>
        <pskc:MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><pskc:MACKey>
          <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
          <xenc:CipherData><xenc:CipherValue>
        2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx
          </xenc:CipherValue></xenc:CipherData></pskc:MACKey></pskc:MACMethod>
        <pskc:KeyPackage>
          <pskc:DeviceInfo><pskc:Manufacturer>TokenVendorAcme</pskc:Manufacturer>
            <pskc:SerialNo>987654321</pskc:SerialNo></pskc:DeviceInfo>
          <pskc:CryptoModuleInfo><pskc:Id>CM_ID_001</pskc:Id></pskc:CryptoModuleInfo>
          <pskc:Key Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp" Id="123456">
            <pskc:Issuer>Example-Issuer</pskc:Issuer>
            <pskc:AlgorithmParameters><pskc:ResponseFormat Length="8" Encoding="DECIMAL"/></pskc:AlgorithmParameters>
            <pskc:Data><pskc:Secret><pskc:EncryptedValue Id="ED">
              <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
              <xenc:CipherData><xenc:CipherValue>
              oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f
              </xenc:CipherValue></xenc:CipherData></pskc:EncryptedValue>
              <pskc:ValueMAC>LP6xMvjtypbfT9PdkJhBZ+D6O4w=
              </pskc:ValueMAC></pskc:Secret></pskc:Data>
          </pskc:Key></pskc:KeyPackage>
        </pskc:KeyContainer>
        """

    /// Figure 8, with a shorter certificate.
    static let asymmetric = container(
        """
        <EncryptionKey><ds:X509Data><ds:X509Certificate>MIIB5zCCAVCgAwIBAgIESZp</ds:X509Certificate></ds:X509Data>
        </EncryptionKey>
        <KeyPackage>\(device())<Key Id="MBK000000001" Algorithm="\(hotp)"><Data><Secret><EncryptedValue>
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa_1_5"/><xenc:CipherData>
        <xenc:CipherValue>hJ+fvpoMPMO9BYpK2rdyQYGIxiAT</xenc:CipherValue></xenc:CipherData>
        </EncryptedValue></Secret></Data></Key></KeyPackage>
        """, " id=\"KC0001\"")

    static let signed = container(
        """
        <KeyPackage>\(device("0755225266"))<Key Id="123" Algorithm="\(hotp)"><Issuer>Example-Issuer</Issuer>\(response)
        <Data>\(plainSecret)\(counter)</Data></Key></KeyPackage>
        <ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
        </ds:SignedInfo><ds:SignatureValue>j6lwx3rvEPO0vKtMup4NbeVu8nk=</ds:SignatureValue></ds:Signature>
        """)

    static let bulk = container(
        [("1", "654321", "05"), ("2", "123456", "05"), ("3", "9999999", "03"), ("4", "9999999", "04")].map {
            """
            <KeyPackage>\(device($0.1))<Key Id="\($0.0)" Algorithm="\(hotp)"><Issuer>Issuer</Issuer>\(response)
            <Data>\(plainSecret)\(counter)</Data><Policy><StartDate>2006-\($0.2)-01T00:00:00Z</StartDate>
            <ExpiryDate>2006-\($0.2)-30T00:00:00Z</ExpiryDate></Policy></Key></KeyPackage>
            """
        }.joined(separator: "\n"))
}
