internal import Applications
internal import Authenticators
internal import Encodings
package import Flows
internal import HTTPEdge
internal import Identity
internal import OAuth
internal import OTP
internal import PhoneNumbers
internal import RESTAPI

/// What cannot be read in a provisioning file, and where.
package struct ProvisioningDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    package let place: String
    package let problem: String

    package var description: String { "\(self.place): \(self.problem)" }
}

/// A provisioning file: users, cards, telephone numbers and applications as JSON: of the demo, of tests and of the benchmark.
package struct ProvisioningDocument: Sendable {
    package private(set) var provisions = Provisions()

    /// - Throws: ``ProvisioningDocumentError`` for the first thing that is wrong; it carries no secret.
    package init(_ bytes: [UInt8]) throws(ProvisioningDocumentError) {
        do {
            var reader = try JSONObjectReader(try JSONValue(parsing: bytes))
            _ = try reader.optionalString("issuer", maximum: 2000)
            self.provisions.users = try Self.each("users", &reader, Self.user)
            self.provisions.cards = try Self.each("cards", &reader, Self.card)
            self.provisions.phones = try Self.each("phones", &reader, Self.phone)
            self.provisions.applications = try Self.each("applications", &reader, Self.application)
            if var client = try reader.optionalObject("client") {
                self.provisions.applications.append(try Self.application(&client))
                try client.finish()
            }
            try reader.finish()
        } catch let error as ProvisioningDocumentError {
            throw error
        } catch {
            throw ProvisioningDocumentError(place: "the file", problem: "\(error)")
        }
    }

    private static func each<Value>(
        _ name: String, _ reader: inout JSONObjectReader, _ read: (inout JSONObjectReader) throws -> Value
    ) throws -> [Value] {
        try (try reader.optionalArray(name, maximum: 100_000) ?? []).enumerated().map { index, value in
            do {
                var element = try JSONObjectReader(value)
                let result = try read(&element)
                try element.finish()
                return result
            } catch {
                throw ProvisioningDocumentError(place: "\(name)[\(index)]", problem: "\(error)")
            }
        }
    }

    private static func user(_ reader: inout JSONObjectReader) throws -> Provisions.NewUser {
        Provisions.NewUser(
            name: try UserName(try reader.string("username", maximum: 256)),
            displayName: try reader.string("name", minimum: 1, maximum: 200),
            email: try reader.optionalString("email", maximum: 254),
            postalAddress: try reader.optionalString("postal_address", minimum: 1, maximum: 500),
            phoneNumber: try Self.phoneNumber(&reader),
            password: try reader.optionalString("password", maximum: 1024),
            roles: Set(
                try Self.strings("roles", &reader).map { name in
                    guard let role = Role(rawValue: name) else { throw Malformed("there is no role of that name") }
                    return role
                }),
            language: try Self.language(&reader))
    }

    private static func language(_ reader: inout JSONObjectReader) throws -> String? {
        guard let tag = try reader.optionalString("language", maximum: 35) else { return nil }
        guard let language = Language(rawValue: tag) else { throw Malformed("language is neither en nor zh-Hant") }
        return language.rawValue
    }

    /// E.164.
    private static func phoneNumber(_ reader: inout JSONObjectReader) throws -> String? {
        guard let number = try reader.optionalString("phone_number", maximum: 16) else { return nil }
        let digits = number.dropFirst().utf8
        guard number.hasPrefix("+"), (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (48...57).contains($0) })
        else { throw Malformed("phone_number is not + and 7 to 15 digits") }
        return number
    }

    private static func card(_ reader: inout JSONObjectReader) throws -> Provisions.NewCard {
        let suite = try CardSuite(try reader.string("suite", maximum: 100))
        let key = try Hexadecimal.decode(try reader.string("key", maximum: 64))
        guard key.count == 32 else { throw Malformed("key is not 64 hexadecimal digits") }
        let pin = try reader.string("pin", maximum: 8)
        guard (4...8).contains(pin.count), pin.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Malformed("pin is not 4 to 8 digits")
        }
        return Provisions.NewCard(
            serial: try reader.string("serial", minimum: 4, maximum: 64), suite: suite, key: key,
            pinHash: try OCRAPIN(pin, for: suite.ocra).hash,
            owner: try UserName(try reader.string("username", maximum: 256)))
    }

    private static func phone(_ reader: inout JSONObjectReader) throws -> Provisions.NewPhone {
        let typed = try reader.string("number", maximum: 40)
        let number: PhoneNumber
        do throws(PhoneNumberError) {
            number = try PhoneNumber(parsing: typed, in: nil)
        } catch {
            throw Malformed("number is not a mobile number with + and its country code (\(error.key))")
        }
        return Provisions.NewPhone(
            number: number, owner: try UserName(try reader.string("username", maximum: 256)))
    }

    private static func application(_ reader: inout JSONObjectReader) throws -> Provisions.NewApplication {
        let secret = try reader.optionalString("client_secret", maximum: 512)
        if let secret, secret.count < Application.shortestSecret {
            throw Malformed("client_secret has fewer than \(Application.shortestSecret) characters")
        }
        let clientID = try reader.string("client_id", minimum: 1, maximum: 100)
        let registration = try ClientMetadata.read(&reader)
        if let method = registration.authentication, method.takesSecret != (secret != nil) {
            let needs = method.takesSecret ? "needs" : "takes no"
            throw Malformed("this token_endpoint_auth_method \(needs) client_secret")
        }
        return Provisions.NewApplication(
            clientID: clientID, secretHash: secret.map(Application.hash(ofSecret:)), registration: registration)
    }

    private static func strings(_ name: String, _ reader: inout JSONObjectReader) throws -> [String] {
        try (try reader.optionalArray(name, maximum: 100) ?? []).map { value in
            guard case .string(let text) = value else { throw Malformed("\(name) is not a list of texts") }
            return text
        }
    }

    struct Malformed: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
