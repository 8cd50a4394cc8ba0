internal import Authenticators
internal import OTP
internal import PSKC
internal import Time

/// Makes cards of the keys of a container. What the container says of a key is honoured, or the file is refused.
struct CardsOfPSKC {
    private(set) var cards: [CardRecord] = []
    private var serials = SerialNumbers()
    private var pins: [String: PSKCKeyPackage] = [:]
    private var usedPINs: Set<String> = []

    init(_ document: PSKCDocument) throws(CardFileError) {
        let isPIN = { (package: PSKCKeyPackage) in package.key?.algorithm == PSKCKey.pin }
        for package in document.packages where isPIN(package) {
            if let id = package.key?.id { self.pins[id] = package }
        }
        for package in document.packages where !isPIN(package) {
            self.cards.append(try self.card(package))
        }
        for package in document.packages where isPIN(package) {
            guard let id = package.key?.id, self.usedPINs.contains(id) else { throw package.fault(.strayPINKey) }
        }
        guard !self.cards.isEmpty else { throw CardFileError(line: 1, .noCards) }
    }

    private mutating func card(_ package: PSKCKeyPackage) throws(CardFileError) -> CardRecord {
        guard let key = package.key else { throw package.fault(.missing("Key")) }
        guard key.algorithm == PSKCKey.ocra else { throw package.fault(.notOCRA) }
        let suite = try package.suite(key.parameters)
        try package.checkUsage(key.policy)
        guard let secret = key.secret?.bytes else { throw package.fault(.missing("Secret")) }
        guard CardRecord.keyByteCounts.contains(secret.count) else { throw package.fault(.keyLength(secret.count)) }
        let pinPolicy = try package.pinPolicy(key.policy?.pin)
        let (starts, expires) = try package.validity(key.policy)
        let serial = try package.serial()
        try self.serials.add(serial, line: package.line)
        return CardRecord(
            line: package.line, serial: serial, suite: suite, key: secret,
            pin: try self.pin(of: package, key.policy?.pin?.keyID, pinPolicy), pinPolicy: pinPolicy,
            starts: starts, expires: expires, manufacturer: package.device?.manufacturer,
            model: package.device?.model, issuer: key.issuer)
    }

    /// The PIN is a key of its own, in the same device (RFC 6030 section 5 and figure 5).
    private mutating func pin(
        of package: PSKCKeyPackage, _ id: String?, _ policy: CardPINPolicy
    ) throws(CardFileError) -> String? {
        guard let id else { return nil }
        guard let pin = self.pins[id], pin.device?.serial == package.device?.serial, let secret = pin.key?.secret else {
            throw package.fault(.missingPINKey(id))
        }
        self.usedPINs.insert(id)
        let text = String(decoding: secret.bytes, as: UTF8.self)
        guard policy.allows(text) else { throw pin.fault(.malformedPIN(lengths: policy.lengths)) }
        return text
    }
}

extension PSKCKeyPackage {
    fileprivate func fault(_ fault: CardFault) -> CardFileError { CardFileError(line: self.line, .card(fault)) }

    fileprivate func serial() throws(CardFileError) -> CardSerial {
        guard let text = self.device?.serial else { throw self.fault(.missing("SerialNo")) }
        guard let serial = CardSerial(text) else { throw self.fault(.malformedSerial) }
        return serial
    }

    fileprivate func suite(_ parameters: PSKCParameters) throws(CardFileError) -> CardSuite {
        guard let text = parameters.suite else { throw self.fault(.missing("Suite")) }
        guard let suite = try? CardSuite(text) else { throw self.fault(.unsupported(suite: text)) }
        if let challenge = parameters.challenge {
            let lengths = challenge.shortest...challenge.longest
            guard challenge.encoding == .decimal, !challenge.hasCheckDigit,
                lengths.contains(suite.ocra.question.length)
            else { throw self.fault(.formatContradictsSuite("ChallengeFormat")) }
        }
        if let response = parameters.response {
            guard response.encoding == .decimal, !response.hasCheckDigit, response.length == suite.ocra.digits else {
                throw self.fault(.formatContradictsSuite("ResponseFormat"))
            }
        }
        return suite
    }

    fileprivate func checkUsage(_ policy: PSKCPolicy?) throws(CardFileError) {
        guard let policy else { return }
        guard policy.usages.isEmpty || policy.usages.contains(.challengeResponse) else { throw self.fault(.usage) }
        guard policy.transactions == nil else { throw self.fault(.transactions) }
    }

    fileprivate func pinPolicy(_ policy: PSKCPINPolicy?) throws(CardFileError) -> CardPINPolicy {
        guard let policy else { return .standard }
        // Every suite of a card hashes the PIN.
        guard policy.mode == nil || policy.mode == .algorithmic else { throw self.fault(.pinMode) }
        guard policy.encoding == nil || policy.encoding == .decimal else { throw self.fault(.pinEncoding) }
        let allowed = CardPINPolicy.allowedLengths
        let shortest = max(policy.shortest ?? 0, allowed.lowerBound)
        let longest = min(policy.longest ?? .max, allowed.upperBound)
        guard shortest <= longest else { throw self.fault(.pinLengths) }
        return CardPINPolicy(lengths: shortest...longest, maximumFailures: policy.maximumFailures)
    }

    /// Device and key each have their own days; both must hold.
    fileprivate func validity(_ policy: PSKCPolicy?) throws(CardFileError) -> (Instant?, Instant?) {
        let starts = [self.device?.starts, policy?.starts].compactMap { $0 }.max()
        let expires = [self.device?.expires, policy?.expires].compactMap { $0 }.min()
        if let starts, let expires, expires < starts { throw self.fault(.expiresBeforeStart) }
        return (starts, expires)
    }
}
