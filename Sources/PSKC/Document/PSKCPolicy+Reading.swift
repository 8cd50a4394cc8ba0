internal import Time

// "If a recipient does not understand it, it must assume that the key may not be used" (RFC 6030 section 5): what is not
// known here is an error, never passed over.
extension PSKCPolicy {
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.starts = try element.dateTime(of: "StartDate")
        self.expires = try element.dateTime(of: "ExpiryDate")
        self.pin = try element.take("PINPolicy").map(PSKCPINPolicy.init(_:))
        self.usages = try Self.usages(element.takeAll("KeyUsage"))
        self.transactions = try element.take("NumberOfTransactions").map(Self.transactions)
        try element.finishPolicy()
    }

    private static func usages(_ elements: [PSKCElement]) throws(PSKCError) -> Set<PSKCKeyUsage> {
        var usages: Set<PSKCKeyUsage> = []
        for element in elements {
            let text = try element.text()
            guard let usage = PSKCKeyUsage(exactly: text) else { throw element.error(.unknownPolicy("KeyUsage")) }
            usages.insert(usage)
        }
        return usages
    }

    private static func transactions(_ element: PSKCElement) throws(PSKCError) -> Int64 {
        let number = try element.number()
        guard number >= 0 else { throw element.error(.malformed(element.name)) }
        return number
    }
}

extension PSKCPINPolicy {
    init(_ element: PSKCElement) throws(PSKCError) {
        var element = element
        self.keyID = element.attribute("PINKeyId")
        self.mode = try element.choice("PINUsageMode", or: .unknownPolicy("PINUsageMode"))
        self.maximumFailures = try element.count("MaxFailedAttempts")
        self.shortest = try element.count("MinLength")
        self.longest = try element.count("MaxLength")
        self.encoding = try element.choice("PINEncoding", or: .unknownPolicy("PINEncoding"))
        try element.finishPolicy()
    }
}
