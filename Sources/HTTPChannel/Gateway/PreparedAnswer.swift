internal import Channels
internal import Encodings
internal import Identifiers
internal import Time

/// What came back.
struct GatewayReply: Sendable {
    let status: Int
    let retryAfter: Span?
    /// nil if it was longer than we read, or broke off.
    let body: [UInt8]?
    /// Why there is none.
    let flaw: String

    init(status: Int, retryAfter: Span? = nil, body: [UInt8]?, flaw: String = "") {
        (self.status, self.retryAfter, self.body, self.flaw) = (status, retryAfter, body, flaw)
    }
}

/// The reading of answers, parsed from its settings.
struct PreparedAnswer: Sendable {
    private enum Place {
        case pointer(JSONPointer)
        case afterPrefix(String)
    }

    private let answer: GatewayAnswer
    private let reference: Place?
    private let code: Place?

    init(_ answer: GatewayAnswer) throws(GatewaySettingsError) {
        self.answer = answer
        self.code = try answer.code.map { place throws(GatewaySettingsError) in try Self.place(place) }
        if case .at(let place) = answer.reference {
            self.reference = try Self.place(place)
        } else {
            self.reference = nil
        }
    }

    private static func place(_ place: GatewayAnswer.Place) throws(GatewaySettingsError) -> Place {
        switch place {
        case .pointer(let text): .pointer(try JSONPointer(parsing: text))
        case .afterPrefix(let prefix): .afterPrefix(prefix)
        }
    }

    func outcome(of reply: GatewayReply, id: DeliveryID) -> HandOver {
        let content = reply.body.map(AnswerContent.init)
        let code = self.code.flatMap { place in content.flatMap { self.value(at: place, in: $0) } }
        let detail = self.detail(reply.status, code)
        if let meaning = self.meaning(reply.status, code) {
            return self.handOver(meaning, reply, content, id, detail)
        }
        if reply.status == 429 { return .postponed(DeliveryFault(.throttled, detail), retryAfter: reply.retryAfter) }
        return self.byStatus(reply, code, content, id, detail)
    }

    /// By the firm's tables. 429 comes from whatever stands before the provider's program, and needs no code.
    private func meaning(_ status: Int, _ code: String?) -> AnswerMeaning? {
        if status != 429, let code, let meaning = self.answer.codes[code] { return meaning }
        return self.answer.statuses[status]
    }

    private func handOver(
        _ meaning: AnswerMeaning, _ reply: GatewayReply, _ content: AnswerContent?, _ id: DeliveryID, _ detail: String
    ) -> HandOver {
        switch meaning {
        case .accepted: self.accepted(reply, content, id, detail)
        case .throttled: .postponed(DeliveryFault(.throttled, detail), retryAfter: reply.retryAfter)
        case .temporary: .postponed(DeliveryFault(.providerFault, detail), retryAfter: reply.retryAfter)
        case .rejected: .refused(DeliveryFault(.rejectedContent, detail))
        case .recipient: .refused(DeliveryFault(.invalidRecipient, detail))
        case .account: .refused(DeliveryFault(.account, detail))
        }
    }

    private func byStatus(
        _ reply: GatewayReply, _ code: String?, _ content: AnswerContent?, _ id: DeliveryID, _ detail: String
    ) -> HandOver {
        switch reply.status {
        case 200...299:
            // A code that nobody explained to us is not a yes.
            guard code == nil else { return .unanswered(DeliveryFault(.malformedAnswer, self.flaw(reply, detail))) }
            return self.accepted(reply, content, id, detail)
        case 300...399:
            return .refused(DeliveryFault(.providerFault, "\(detail): redirects are not followed"))
        case 401, 402, 403: return .refused(DeliveryFault(.account, detail))
        case 408, 503: return .postponed(DeliveryFault(.providerFault, detail), retryAfter: reply.retryAfter)
        // Said by what stands before the gateway after it passed the request on, or by the gateway after it took the text.
        case 504: return .unanswered(DeliveryFault(.timedOut, detail))
        case 500...599: return .unanswered(DeliveryFault(.providerFault, detail))
        case 400...499: return .refused(DeliveryFault(.rejectedContent, detail))
        default: return .unanswered(DeliveryFault(.malformedAnswer, detail))
        }
    }

    private func accepted(
        _ reply: GatewayReply, _ content: AnswerContent?, _ id: DeliveryID, _ detail: String
    ) -> HandOver {
        let nonsense = HandOver.unanswered(DeliveryFault(.malformedAnswer, self.flaw(reply, detail)))
        guard (200...299).contains(reply.status), let content else { return nonsense }
        switch self.answer.reference {
        case .at:
            let value = self.reference.flatMap { self.value(at: $0, in: content) }
            guard let value, Self.isReference(value) else { return nonsense }
            return .accepted(reference: value)
        case .ownID(let prefixes): return content.begins(with: prefixes) ? .accepted(reference: id.text) : nonsense
        case .none(let prefixes): return content.begins(with: prefixes) ? .accepted(reference: nil) : nonsense
        }
    }

    private func value(at place: Place, in content: AnswerContent) -> String? {
        switch place {
        case .pointer(let pointer): content.json.flatMap { pointer.value(in: $0)?.scalarText }
        case .afterPrefix(let prefix): content.word(after: prefix)
        }
    }

    private func detail(_ status: Int, _ code: String?) -> String {
        let word = code.flatMap(ProviderWord.init)?.text
        return word.map { "status \(status) code \($0)" } ?? "status \(status)"
    }

    private func flaw(_ reply: GatewayReply, _ detail: String) -> String {
        reply.flaw.isEmpty ? "\(detail): not understood" : "\(detail): \(reply.flaw)"
    }

    /// What reports can name a message by: it is stored and looked up.
    private static func isReference(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// An answer's body, read as far as somebody asks.
struct AnswerContent {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var json: JSONValue? { try? JSONValue(parsing: self.bytes) }

    func begins(with prefixes: [String]) -> Bool { prefixes.contains { self.bytes.starts(with: $0.utf8) } }

    func word(after prefix: String) -> String? {
        guard self.bytes.starts(with: prefix.utf8) else { return nil }
        let word = self.bytes.dropFirst(prefix.utf8.count).prefix { $0 > 0x20 }
        return word.isEmpty ? nil : String(validating: word, as: UTF8.self)
    }
}
