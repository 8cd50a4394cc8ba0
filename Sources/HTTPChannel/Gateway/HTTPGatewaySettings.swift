package import Time

/// How one gateway is spoken to. `HTTPChannel` reads it once, and refuses what it cannot mean.
///
/// Texts in it are templates: `{{to}}` and so on (``GatewayField``) stand for what a message brings, and are escaped for
/// the place where they stand.
package struct HTTPGatewaySettings: Sendable {
    /// `POST`, `GET`, `PUT`.
    package var method: String
    /// https; plain http to this machine alone, unless the transport says otherwise. No template.
    package var address: String
    /// Sent in the address: prefer a body, since addresses end up in logs.
    package var query: [GatewayPair]
    package var headers: [GatewayPair]
    package var body: GatewayBody
    package var authentication: GatewayAuthentication
    package var answer: GatewayAnswer
    /// What the text comes from: a number, a short code, or a name of up to 11 letters and digits.
    package var sender: String
    /// Where the provider reports to, where he is told so with each message; may hold `{{id}}`. What mentions
    /// `{{callback}}` is left out where this is nil.
    package var callback: String?
    /// How `{{alphabet}}` says that a text fits GSM 03.38, and that it does not.
    package var alphabets: (gsm: String, unicode: String)
    package var transport: GatewayTransport

    package init(
        method: String = "POST", address: String, query: [GatewayPair] = [], headers: [GatewayPair] = [],
        body: GatewayBody, authentication: GatewayAuthentication = .none, answer: GatewayAnswer, sender: String,
        callback: String? = nil, alphabets: (gsm: String, unicode: String) = ("text", "unicode"),
        transport: GatewayTransport = GatewayTransport()
    ) {
        (self.method, self.address, self.query, self.headers) = (method, address, query, headers)
        (self.body, self.authentication, self.answer) = (body, authentication, answer)
        (self.sender, self.callback, self.alphabets, self.transport) = (sender, callback, alphabets, transport)
    }
}

extension HTTPGatewaySettings {
    /// Whether a channel can be made of them.
    package func check() throws(GatewaySettingsError) { _ = try PreparedGateway(self) }
}

/// A name, and a template for its value.
package struct GatewayPair: Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

package enum GatewayBody: Sendable {
    case none
    case form([GatewayPair])
    /// A JSON text whose strings are templates. A string that is nothing but `{{#seconds}}` becomes a number.
    case json(String)
    case text(String)
}

package enum GatewayAuthentication: Sendable {
    case none
    case basic(user: String, password: GatewaySecret)
    case bearer(GatewaySecret)
    /// A header of the provider's own: `X-API-Key`, or `Authorization` with a scheme of his (`App …`).
    case header(name: String, value: GatewaySecret)
    /// `{{user}}` and `{{password}}` in the templates.
    case placeholders(user: String, password: GatewaySecret)
}

package struct GatewayTransport: Sendable {
    package var connectTimeout: Span
    /// From the hand-over to the end of the answer.
    package var totalTimeout: Span
    /// How many may be open at once; further messages wait within their total timeout.
    package var connections: Int
    /// A PEM file with the only authorities that are believed; nil for the machine's own.
    package var certificateAuthority: String?
    /// To other machines too. Codes then cross the network readable by everybody.
    package var allowsPlainHTTP: Bool

    package init(
        connectTimeout: Span = .seconds(2), totalTimeout: Span = .seconds(5), connections: Int = 8,
        certificateAuthority: String? = nil, allowsPlainHTTP: Bool = false
    ) {
        (self.connectTimeout, self.totalTimeout, self.connections) = (connectTimeout, totalTimeout, connections)
        (self.certificateAuthority, self.allowsPlainHTTP) = (certificateAuthority, allowsPlainHTTP)
    }
}

/// Why settings were refused. Names the place, never a secret.
package enum GatewaySettingsError: Error, Hashable, Sendable {
    case malformedAddress(String)
    /// Plain http to another machine.
    case plainHTTP(String)
    case malformedMethod(String)
    /// In a template: not one of ``GatewayField``, or not allowed where it stands.
    case unknownPlaceholder(String)
    case unclosedPlaceholder(in: String)
    case malformedHeader(String)
    case malformedJSON
    case malformedPointer(String)
    case malformedCallback(String)
    case unusableTimeouts
    case unreadableCertificateAuthority(path: String)
}
