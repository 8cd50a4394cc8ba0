package import Channels
internal import Encodings
internal import Time

/// Reads what one provider reports. It takes no connection: an edge hands it each request, and answers 403 where it was
/// forged, 400 where it cannot be read, and else 200 once the reports are saved.
package struct ReceiptWebhook: Sendable {
    /// Of the body: what an edge reads at most.
    package static let longestBody = 256 * 1024
    static let mostReports = 1000
    static let mostFields = 100

    private let settings: ReceiptSettings
    private let statuses: [String: DeliveryProgress]
    private let places: [String: JSONPointer]

    package init(_ settings: ReceiptSettings) throws(ReceiptSettingsError) {
        guard ["GET", "POST", "PUT"].contains(settings.method) else { throw .malformedMethod(settings.method) }
        try settings.proof.check(for: settings.form)
        self.settings = settings
        self.statuses = Dictionary(
            settings.statuses.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        self.places = try Self.places(settings)
    }

    /// - Returns: one or more reports, in their order. Nothing of the message's text or number is in them.
    package func reports(in request: WebhookRequest) throws(ReceiptError) -> [DeliveryReport] {
        guard request.body.count <= Self.longestBody else { throw .tooLong }
        let form = self.form(request)
        // Before anything else is said: a stranger learns nothing.
        guard self.settings.proof.holds(for: request, form: form) else { throw .forged }
        guard request.method == self.settings.method else { throw .wrongMethod }
        return try self.items(request, form).map { item throws(ReceiptError) in try self.report(item) }
    }

    private func form(_ request: WebhookRequest) -> FormFields? {
        switch self.settings.form {
        case .query: try? FormURLEncoded.parse(Array(request.query.utf8), limit: Self.mostFields)
        case .formBody: try? FormURLEncoded.parse(request.body, limit: Self.mostFields)
        case .json: nil
        }
    }

    private func items(_ request: WebhookRequest, _ form: FormFields?) throws(ReceiptError) -> [ReceiptItem] {
        guard case .json(let items) = self.settings.form else {
            guard let form else { throw .malformed }
            return [.form(form)]
        }
        guard let value = try? JSONValue(parsing: request.body) else { throw .malformed }
        guard let items else { return [.json(value)] }
        guard case .array(let elements)? = self.places[items]?.value(in: value) else { throw .missing(items) }
        guard elements.count <= Self.mostReports else { throw .tooMany }
        return elements.map { .json($0) }
    }

    private func report(_ item: ReceiptItem) throws(ReceiptError) -> DeliveryReport {
        guard let reference = self.value(self.settings.reference, in: item), (1...128).contains(reference.utf8.count)
        else { throw .missing(self.settings.reference) }
        guard let status = self.value(self.settings.status, in: item) else { throw .missing(self.settings.status) }
        return DeliveryReport(
            reference: reference, progress: self.statuses[status.lowercased()] ?? .unknown,
            detail: self.detail(status, item), at: self.time(item))
    }

    private func value(_ place: String, in item: ReceiptItem) -> String? {
        switch item {
        case .form(let form): form[place].flatMap { $0.isEmpty ? nil : $0 }
        case .json(let value): self.places[place]?.value(in: value)?.scalarText
        }
    }

    private func detail(_ status: String, _ item: ReceiptItem) -> String? {
        let status = ProviderWord(status).map { "status:\($0.text)" }
        let code = self.settings.code.flatMap { self.value($0, in: item) }.flatMap(ProviderWord.init)
        let words = [status, code.map { "code:\($0.text)" }].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// A time that cannot be read is none: the report counts all the same.
    private func time(_ item: ReceiptItem) -> Instant? {
        guard let time = self.settings.time, let text = self.value(time.place, in: item) else { return nil }
        switch time.format {
        case .rfc3339: return Instant(rfc3339: Self.withColon(text))
        case .unixSeconds:
            guard (1...11).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return Int64(text).map { Instant(milliseconds: $0 * 1000) }
        }
    }

    /// `…+0000` to `…+00:00`.
    private static func withColon(_ text: String) -> String {
        let offset = text.suffix(5)
        guard let sign = offset.first, sign == "+" || sign == "-", offset.dropFirst().allSatisfy(\.isNumber) else {
            return text
        }
        return "\(text.dropLast(2)):\(text.suffix(2))"
    }

    private static func places(_ settings: ReceiptSettings) throws(ReceiptSettingsError) -> [String: JSONPointer] {
        guard case .json(let items) = settings.form else { return [:] }
        let texts = [items, settings.reference, settings.status, settings.code, settings.time?.place]
        var places: [String: JSONPointer] = [:]
        for text in texts.compactMap({ $0 }) {
            guard let pointer = try? JSONPointer(parsing: text) else { throw .malformedPointer(text) }
            places[text] = pointer
        }
        return places
    }
}

/// One report, as it came.
private enum ReceiptItem {
    case form(FormFields)
    case json(JSONValue)
}
