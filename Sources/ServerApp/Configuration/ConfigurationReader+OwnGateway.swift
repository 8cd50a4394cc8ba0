internal import Channels
internal import HTTPChannel

/// A gateway of no shape that we know: what it is sent, what its answer means and how it reports stand in the configuration
/// (docs/delivery.md).
extension ConfigurationReader {
    mutating func ownGateway(_ key: String, _ given: GivenGateway) -> DeliveryConfiguration.Way? {
        let receipts = self.ownReceipts("\(key).receipts", given)
        let callback = receipts.map { receipts in
            let address = receipts.proof.isPathToken ? given.secretCallback ?? given.callback : given.callback
            return address + (self.text("\(key).receipts.address_query").map { "?\($0)" } ?? "")
        }
        let method = self.choice("\(key).method", GatewayMethod.allCases) ?? .post
        let (query, headers) = (self.pairs("\(key).query"), self.pairs("\(key).headers"))
        let (body, answer) = (self.ownBody(key), self.ownAnswer("\(key).answer", callback))
        let authentication = self.ownAuthentication(key, given)
        let alphabets = self.source.optionalList("\(key).alphabets")?.map(\.text)
        let address = self.required("\(key).address")
        guard let address, let body, let answer, let authentication else { return nil }
        var settings = HTTPGatewaySettings(
            method: method.rawValue, address: address, query: query, headers: headers, body: body,
            authentication: authentication, answer: answer, sender: given.sender, callback: callback)
        if let alphabets {
            guard alphabets.count == 2 else {
                self.source.note(
                    "\(key).alphabets", nil, "does not hold two words", hint: "for GSM 03.38, and for all others")
                return nil
            }
            settings.alphabets = (alphabets[0], alphabets[1])
        }
        return .http(settings, receipts: receipts)
    }

    /// Names with templates for their values, in the order of the file.
    private mutating func pairs(_ key: String) -> [GatewayPair] {
        self.source.names(below: key).compactMap { name in
            self.required("\(key).\(name)").map { GatewayPair(name, $0) }
        }
    }

    private mutating func ownBody(_ key: String) -> GatewayBody? {
        let (form, json, text) = (self.pairs("\(key).form"), self.text("\(key).json"), self.text("\(key).text"))
        switch (form.isEmpty, json, text) {
        case (false, nil, nil): return .form(form)
        case (true, let json?, nil): return .json(json)
        case (true, nil, let text?): return .text(text)
        case (true, nil, nil) where !self.source.names(below: "\(key).query").isEmpty: return GatewayBody.none
        default:
            self.source.note(key, nil, "needs one of form, json and text", hint: "or query alone")
            return nil
        }
    }

    private mutating func ownAuthentication(_ key: String, _ given: GivenGateway) -> GatewayAuthentication? {
        let way = self.choice("\(key).authentication", AuthenticationWay.allCases)
        let header = self.text("\(key).authentication_header")
        switch (way ?? (given.account == nil ? .bearer : .basic), given.account, header) {
        case (.bearer, _, nil): return .bearer(given.secret)
        case (.header, _, let name?): return .header(name: name, value: given.secret)
        case (.basic, let user?, nil): return .basic(user: user, password: given.secret)
        case (.fields, let user?, nil): return .placeholders(user: user, password: given.secret)
        default:
            self.source.note(
                "\(key).authentication", nil, "does not fit what is given",
                hint: "basic and fields need an account, header alone an authentication_header")
            return nil
        }
    }

    /// - Parameter callback: where it carries our own id, reports name a message by that.
    private mutating func ownAnswer(_ key: String, _ callback: String?) -> GatewayAnswer? {
        let begins = self.source.optionalList("\(key).begins")?.map(\.text)
        let name = self.place("\(key).id")
        let code = self.place("\(key).code")
        let codes = self.words("\(key).codes", AnswerMeaning.allCases)
        let statuses = self.words("\(key).statuses", AnswerMeaning.allCases)
        var numbers: [Int: AnswerMeaning] = [:]
        for (text, meaning) in statuses {
            guard let status = Int(text), (200...599).contains(status) else {
                self.source.note("\(key).statuses.\(text)", nil, "is not a status from 200 to 599")
                continue
            }
            numbers[status] = meaning
        }
        switch (name, begins) {
        case (let name?, nil):
            return GatewayAnswer(reference: .at(name), code: code, codes: codes, statuses: numbers)
        case (nil, let begins?) where !begins.isEmpty && begins.allSatisfy { !$0.isEmpty }:
            let ownID = callback?.contains("{{id}}") ?? false
            return GatewayAnswer(
                reference: ownID ? .ownID(answerBegins: begins) : .none(answerBegins: begins), code: code,
                codes: codes, statuses: numbers)
        default:
            self.source.note(
                key, nil, "does not say what a message that was taken is known by",
                hint: "id: /where/its/name/stands, id_after: \"OK: \", or begins: [\"OK\"] where it has none")
            return nil
        }
    }

    /// A JSON pointer below the key itself, or with `_after` behind it what comes before the word in a plain text.
    private mutating func place(_ key: String) -> GatewayAnswer.Place? {
        let (pointer, prefix) = (self.text(key), self.text("\(key)_after"))
        return pointer.map { .pointer($0) } ?? prefix.map { .afterPrefix($0) }
    }

    private mutating func words<Meaning: RawRepresentable<String>>(
        _ key: String, _ all: [Meaning]
    ) -> [String: Meaning] {
        var words: [String: Meaning] = [:]
        for word in self.source.names(below: key) { words[word] = self.choice("\(key).\(word)", all) }
        return words
    }
}

/// How such a gateway reports.
extension ConfigurationReader {
    fileprivate mutating func ownReceipts(_ key: String, _ given: GivenGateway) -> ReceiptSettings? {
        guard !self.source.names(below: key).isEmpty else { return nil }
        let form = self.choice("\(key).form", ReportForm.allCases) ?? .json
        let items = self.text("\(key).items")
        let method = self.choice("\(key).method", GatewayMethod.allCases) ?? (form == .query ? .get : .post)
        let (reference, status) = (self.required("\(key).id"), self.required("\(key).status"))
        let (code, time) = (self.text("\(key).code"), self.text("\(key).time"))
        let format = self.choice("\(key).time_format", ReceiptSettings.TimePlace.Format.allCases) ?? .rfc3339
        let statuses = self.words("\(key).statuses", DeliveryProgress.allCases)
        let proof = self.proof(key, given)
        if statuses.isEmpty {
            self.source.note("\(key).statuses", nil, "is missing", hint: "its words, each with what it means")
        }
        guard let reference, let status, let proof, !statuses.isEmpty else { return nil }
        return ReceiptSettings(
            method: method.rawValue, form: form.form(items: items), reference: reference, status: status, code: code,
            time: time.map { ReceiptSettings.TimePlace($0, format) }, statuses: statuses, proof: proof)
    }

    private mutating func proof(_ key: String, _ given: GivenGateway) -> ReceiptProof? {
        let way = self.choice("\(key).proof", ProofWay.allCases) ?? .signature
        var signature = ReceiptSignature(
            secret: given.receiptSecret ?? GatewaySecret(""),
            header: self.text("\(key).signature_header") ?? "X-Signature",
            encoding: self.choice("\(key).signature_encoding", ReceiptSignature.Encoding.allCases) ?? .hex,
            prefix: self.text("\(key).signature_prefix") ?? "")
        signature.algorithm = self.choice("\(key).signature_algorithm", ReceiptSignature.Algorithm.allCases) ?? .sha256
        let parts = self.source.optionalList("\(key).signed")
        if let parts { signature.signed = parts.compactMap { self.signedPart($0, "\(key).signed") } }
        guard let secret = given.receiptSecret else {
            self.source.note(key, nil, "needs a receipt_secret beside it", hint: "16 characters or more")
            return nil
        }
        switch (way, given.account) {
        case (.signature, _): return .signature(signature)
        case (.path, _): return .pathToken(secret)
        case (.basic, let user?): return .basic(user: user, password: secret)
        case (.basic, nil):
            self.source.note("\(key).proof", nil, "needs an account for basic")
            return nil
        }
    }

    private mutating func signedPart(_ setting: ConfigurationSource.Setting, _ key: String) -> ReceiptSignature.Part? {
        let text = setting.text.drop { $0 == " " }
        switch text {
        case "body": return .body
        case "address": return .address
        case "sorted_fields": return .sortedFields
        default:
            if text.hasPrefix("header ") { return .header(String(text.dropFirst("header ".count))) }
            self.source.note(key, setting, "holds something else than body, address, sorted_fields and header NAME")
            return nil
        }
    }
}

private enum GatewayMethod: String, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
}

private enum AuthenticationWay: String, CaseIterable {
    case basic, bearer, header
    /// As `{{user}}` and `{{password}}`.
    case fields
}

private enum ReportForm: String, CaseIterable {
    case json, form, query

    func form(items: String?) -> ReceiptSettings.Form {
        switch self {
        case .json: .json(items: items)
        case .form: .formBody
        case .query: .query
        }
    }
}

private enum ProofWay: String, CaseIterable { case signature, basic, path }

extension ReceiptProof {
    fileprivate var isPathToken: Bool {
        if case .pathToken = self { true } else { false }
    }
}
