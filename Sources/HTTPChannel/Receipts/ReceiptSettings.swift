package import Channels

/// How one provider's reports are read and believed.
package struct ReceiptSettings: Sendable {
    /// `POST`, or `GET` where the provider reports in the address.
    package var method: String
    package var form: Form
    /// The message's name, as the hand-over gave it. Where these stand: the name of a field, or a JSON pointer.
    package var reference: String
    package var status: String
    /// The provider's error code, for the operator.
    package var code: String?
    package var time: TimePlace?
    /// The provider's status words, in whatever case. A word that is not here is `unknown`.
    package var statuses: [String: DeliveryProgress]
    package var proof: ReceiptProof

    package init(
        method: String = "POST", form: Form, reference: String, status: String, code: String? = nil,
        time: TimePlace? = nil, statuses: [String: DeliveryProgress], proof: ReceiptProof
    ) {
        (self.method, self.form, self.reference, self.status) = (method, form, reference, status)
        (self.code, self.time, self.statuses, self.proof) = (code, time, statuses, proof)
    }

    package enum Form: Sendable {
        case query
        case formBody
        /// `items` points to an array of reports, and the other places start from each of them; nil: the body is one report.
        case json(items: String?)
    }

    package struct TimePlace: Sendable {
        package let place: String
        package let format: Format

        package init(_ place: String, _ format: Format) { (self.place, self.format) = (place, format) }

        package enum Format: String, Sendable, CaseIterable {
            /// Its offset may lack the colon: `+0000`.
            case rfc3339
            case unixSeconds = "unix_seconds"
        }
    }
}

extension ReceiptSettings {
    /// Whether a webhook can be made of them.
    package func check() throws(ReceiptSettingsError) { _ = try ReceiptWebhook(self) }
}

/// How a report shows that the provider sent it.
package enum ReceiptProof: Sendable {
    case signature(ReceiptSignature)
    case basic(user: String, password: GatewaySecret)
    /// The last component of the address's path. It must be kept out of access logs.
    case pathToken(GatewaySecret)
}

/// A signature in a header. A report that is sent again is taken again: it says nothing new, so no nonce is remembered.
package struct ReceiptSignature: Sendable {
    package var algorithm: Algorithm
    package var secret: GatewaySecret
    package var header: String
    package var encoding: Encoding
    /// What stands before it: `sha256=`.
    package var prefix: String
    package var signed: [Part]

    package init(
        algorithm: Algorithm = .sha256, secret: GatewaySecret, header: String, encoding: Encoding, prefix: String = "",
        signed: [Part] = [.body]
    ) {
        (self.algorithm, self.secret, self.header) = (algorithm, secret, header)
        (self.encoding, self.prefix, self.signed) = (encoding, prefix, signed)
    }

    package enum Algorithm: String, Sendable, CaseIterable {
        case sha256
        /// For providers that offer nothing better; as HMAC it still holds.
        case sha1
    }

    package enum Encoding: String, Sendable, CaseIterable { case hex, base64 }

    /// What is signed is these, one after the other.
    package enum Part: Hashable, Sendable {
        case body
        case address
        /// Each name and value of the form, by name, nothing between them.
        case sortedFields
        case header(String)
        case literal(String)
    }
}

/// Why the settings of a webhook were refused.
package enum ReceiptSettingsError: Error, Hashable, Sendable {
    case malformedMethod(String)
    case malformedPointer(String)
    /// Shorter than 16 bytes: it could be found by trying.
    case weakSecret
    /// The signature must cover the body, the form's fields, or the address where the report stands there.
    case signatureCoversNothing
}

/// Why a report was not taken. Names the place, never what stood there.
package enum ReceiptError: Error, Hashable, Sendable {
    /// Not from the provider, as far as it shows: nothing of it was read.
    case forged
    case wrongMethod
    case tooLong
    case tooMany
    case malformed
    case missing(String)
}
