internal import Encodings
internal import Time

extension PSKCKeyPackage {
    init(_ element: PSKCElement, _ opener: inout ValueOpener?) throws(PSKCError) {
        var element = element
        self.line = element.line
        self.device = try element.take("DeviceInfo").map(PSKCDevice.init(_:))
        self.cryptoModule = try element.take("CryptoModuleInfo").map(Self.cryptoModule)
        // A package holds one key at most (section 4): two of a device are two packages.
        self.key = try element.take("Key").map { (key) throws(PSKCError) in try PSKCKey(key, &opener) }
        element.skipExtensions()
        try element.finish()
    }

    private static func cryptoModule(_ element: PSKCElement) throws(PSKCError) -> String {
        var element = element
        let id = try element.require("Id").text()
        element.skipExtensions()
        try element.finish()
        return id
    }
}

extension PSKCDevice {
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.manufacturer = try element.text(of: "Manufacturer")
        self.serial = try element.text(of: "SerialNo")
        self.model = try element.text(of: "Model")
        self.issue = try element.text(of: "IssueNo")
        self.binding = try element.text(of: "DeviceBinding")
        self.starts = try element.dateTime(of: "StartDate")
        self.expires = try element.dateTime(of: "ExpiryDate")
        self.userID = try element.text(of: "UserId")
        element.skipExtensions()
        try element.finish()
    }
}

extension PSKCKey {
    init(_ element: PSKCElement, _ opener: inout ValueOpener?) throws(PSKCError) {
        var element = element
        self.line = element.line
        self.id = try element.identifier("Id")
        self.algorithm = try element.identifier("Algorithm")
        self.issuer = try element.text(of: "Issuer")
        self.parameters = try PSKCParameters(try element.take("AlgorithmParameters"))
        self.profileID = try element.text(of: "KeyProfileId")
        self.reference = try element.text(of: "KeyReference")
        // One for each language; people see the first.
        self.friendlyName = try element.takeAll("FriendlyName").first?.text()
        self.userID = try element.text(of: "UserId")
        self.policy = try element.take("Policy").map(PSKCPolicy.init(_:))
        let data = try KeyData(try element.take("Data"), &opener)
        (self.secret, self.isSecretEncrypted) = (data.secret, data.isSecretEncrypted)
        (self.counter, self.time) = (data.counter, data.time)
        (self.timeInterval, self.timeDrift) = (data.timeInterval, data.timeDrift)
        element.skipExtensions()
        try element.finish()
    }
}

/// What stands in `Data` (section 4.1).
private struct KeyData {
    private(set) var secret: PSKCSecret?
    private(set) var isSecretEncrypted = false
    private(set) var counter: Int64?
    private(set) var time: Int64?
    private(set) var timeInterval: Int64?
    private(set) var timeDrift: Int64?

    init(_ element: PSKCElement?, _ opener: inout ValueOpener?) throws(PSKCError) {
        guard var element else { return }
        if let secret = try element.take("Secret") {
            let value = try DataValue(secret)
            self.isSecretEncrypted = value.isEncrypted
            self.secret = PSKCSecret(bytes: try value.bytes(&opener))
        }
        self.counter = try Self.number(try element.take("Counter"), &opener)
        self.time = try Self.number(try element.take("Time"), &opener)
        self.timeInterval = try Self.number(try element.take("TimeInterval"), &opener)
        self.timeDrift = try Self.number(try element.take("TimeDrift"), &opener)
        element.skipExtensions()
        try element.finish()
    }

    private static func number(_ element: PSKCElement?, _ opener: inout ValueOpener?) throws(PSKCError) -> Int64? {
        guard let element else { return nil }
        return try DataValue(element).number(&opener)
    }
}

extension PSKCParameters {
    init(_ element: PSKCElement?) throws(PSKCError) {
        guard var element else {
            (self.suite, self.challenge, self.response) = (nil, nil, nil)
            return
        }
        self.suite = try element.text(of: "Suite")
        self.challenge = try element.take("ChallengeFormat").map(PSKCChallengeFormat.init(_:))
        self.response = try element.take("ResponseFormat").map(PSKCResponseFormat.init(_:))
        element.skipExtensions()
        try element.finish()
    }
}

extension PSKCChallengeFormat {
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.encoding = try element.encoding("Encoding")
        guard let shortest = try element.count("Min") else { throw element.error(.missingAttribute("Min")) }
        guard let longest = try element.count("Max") else { throw element.error(.missingAttribute("Max")) }
        guard shortest <= longest else { throw element.error(.malformed("Min")) }
        (self.shortest, self.longest) = (shortest, longest)
        self.hasCheckDigit = try element.checkDigit()
        try element.finish()
    }
}

extension PSKCResponseFormat {
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.encoding = try element.encoding("Encoding")
        guard let length = try element.count("Length") else { throw element.error(.missingAttribute("Length")) }
        self.length = length
        self.hasCheckDigit = try element.checkDigit()
        try element.finish()
    }
}

extension PSKCElement {
    mutating func text(of name: String) throws(PSKCError) -> String? { try self.take(name)?.text() }

    mutating func dateTime(of name: String) throws(PSKCError) -> Instant? { try self.take(name)?.dateTime() }

    fileprivate mutating func identifier(_ name: String) throws(PSKCError) -> String? {
        guard let text = self.attribute(name) else { return nil }
        guard (1...256).contains(text.utf8.count), VisibleText.isVisible(text) else {
            throw self.error(.malformed(name))
        }
        return text
    }

    fileprivate mutating func encoding(_ name: String) throws(PSKCError) -> PSKCEncoding {
        guard let encoding: PSKCEncoding = try self.choice(name, or: .malformed(name)) else {
            throw self.error(.missingAttribute(name))
        }
        return encoding
    }

    /// The schema and the text of section 4.3.4 spell it differently.
    fileprivate mutating func checkDigit() throws(PSKCError) -> Bool {
        let (one, other) = (try self.flag("CheckDigits"), try self.flag("CheckDigit"))
        return one ?? other ?? false
    }
}
