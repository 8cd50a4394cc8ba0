internal import Channels
internal import Encodings
internal import Foundation
internal import Time

/// One request, ready to be written. It holds a code: it is never logged.
struct GatewayRequest: Sendable {
    let method: String
    let address: String
    let headers: [(name: String, value: String)]
    /// nil where the method has none.
    let body: [UInt8]?
}

/// Why a message cannot be put into a request.
enum UnsendableMessage: Error {
    case notAText
    case notANumber
    /// A value with a line break or another control character, where a header takes none.
    case unfitForHeader(String)

    var fault: DeliveryFault {
        switch self {
        case .notAText: DeliveryFault(.rejectedContent, "not a text")
        case .notANumber: DeliveryFault(.invalidRecipient, "not a number in E.164")
        case .unfitForHeader(let name): DeliveryFault(.rejectedContent, "cannot stand in the header \(name)")
        }
    }
}

/// The settings, parsed: a value of this type can always make a request.
struct PreparedGateway: Sendable {
    let settings: HTTPGatewaySettings
    let answer: PreparedAnswer
    private let query: [TemplatePair]
    private let headers: [TemplatePair]
    private let body: PreparedBody
    private let callback: GatewayTemplate?

    init(_ settings: HTTPGatewaySettings) throws(GatewaySettingsError) {
        try Self.check(settings)
        self.settings = settings
        self.answer = try PreparedAnswer(settings.answer)
        self.query = try settings.query.map { pair throws(GatewaySettingsError) in try TemplatePair(pair) }
        self.headers = try settings.headers.map { pair throws(GatewaySettingsError) in try TemplatePair(pair) }
        self.body = try PreparedBody(settings.body)
        self.callback = try settings.callback.map { text throws(GatewaySettingsError) in
            try GatewayTemplate(parsing: text, allowed: [.id])
        }
    }

    func request(for message: OutgoingMessage, at now: Instant) throws(UnsendableMessage) -> GatewayRequest {
        guard case .text(let text) = message.content else { throw .notAText }
        guard Self.isE164(message.recipient) else { throw .notANumber }
        let values = self.values(message, text, now)
        return GatewayRequest(
            method: self.settings.method, address: self.address(values), headers: try self.headers(values),
            body: self.body.filled(values)?.encoded())
    }

    private func values(_ message: OutgoingMessage, _ text: String, _ now: Instant) -> GatewayValues {
        let own = { (callback: String?) in
            GatewayValues(
                message: message, text: text, sender: self.settings.sender, callback: callback,
                alphabets: self.settings.alphabets, credentials: self.settings.authentication.credentials, now: now)
        }
        return own(self.callback?.filled(own(nil)))
    }

    private func address(_ values: GatewayValues) -> String {
        let pairs = self.query.compactMap { $0.filled(values) }
        return pairs.isEmpty ? self.settings.address : "\(self.settings.address)?\(FormURLEncoded.encode(pairs))"
    }

    private func headers(_ values: GatewayValues) throws(UnsendableMessage) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let authorization = self.settings.authentication.header { headers.append(authorization) }
        if let type = self.body.type { headers.append(("Content-Type", type)) }
        for pair in self.headers {
            guard let (name, value) = pair.filled(values) else { continue }
            // A line break would begin another header (RFC 9110 section 5.5).
            guard HeaderText.isValue(value) else { throw .unfitForHeader(name) }
            headers.append((name, value))
        }
        return headers
    }

    /// A plus sign, and 7 to 15 digits of which the first is not 0 (ITU-T E.164 section 6.2).
    private static func isE164(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count)
            && digits.first != UInt8(ascii: "0") && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension PreparedGateway {
    private static func check(_ settings: HTTPGatewaySettings) throws(GatewaySettingsError) {
        guard ["GET", "POST", "PUT"].contains(settings.method) else { throw .malformedMethod(settings.method) }
        try self.checkAddress(settings.address, settings.transport)
        if let callback = settings.callback {
            guard HeaderText.isValue(callback), callback.hasPrefix("https://") || callback.hasPrefix("http://") else {
                throw .malformedCallback(callback)
            }
        }
        for pair in settings.headers where !HeaderText.isName(pair.name) { throw .malformedHeader(pair.name) }
        if let (name, value) = settings.authentication.header {
            guard HeaderText.isName(name), HeaderText.isValue(value) else { throw .malformedHeader(name) }
        }
        let transport = settings.transport
        guard transport.connectTimeout > .seconds(0), transport.totalTimeout >= transport.connectTimeout,
            transport.connections > 0
        else { throw .unusableTimeouts }
    }

    /// No user, query or fragment: what they would hold has places of its own.
    private static func checkAddress(
        _ address: String, _ transport: GatewayTransport
    ) throws(GatewaySettingsError) {
        guard address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URLComponents(string: address),
            let host = url.host, !host.isEmpty, url.user == nil, url.password == nil, url.query == nil,
            url.fragment == nil
        else { throw .malformedAddress(address) }
        switch url.scheme {
        case "https": return
        case "http" where transport.allowsPlainHTTP || Self.isLoopback(host): return
        case "http": throw .plainHTTP(host)
        default: throw .malformedAddress(address)
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host == "localhost" || host == "::1" || host == "[::1]"
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension GatewayAuthentication {
    var header: (name: String, value: String)? {
        switch self {
        case .none, .placeholders: nil
        case .basic(let user, let password):
            ("Authorization", "Basic \(Base64.encode("\(user):\(password.text)".utf8))")
        case .bearer(let token): ("Authorization", "Bearer \(token.text)")
        case .header(let name, let value): (name, value.text)
        }
    }

    var credentials: (user: String, password: GatewaySecret)? {
        guard case .placeholders(let user, let password) = self else { return nil }
        return (user, password)
    }
}

/// What may stand in a header (RFC 9110 section 5), narrowed to ASCII.
enum HeaderText {
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static func isValue(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
}
