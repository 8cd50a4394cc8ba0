internal import Crypto
internal import Encodings
internal import Foundation

extension ReceiptProof {
    /// - Parameter form: the fields that came with it, where the report is a form.
    func holds(for request: WebhookRequest, form: FormFields?) -> Bool {
        switch self {
        case .signature(let signature): signature.holds(for: request, form: form)
        case .basic(let user, let password):
            Self.same(request.header("Authorization"), "Basic \(Base64.encode("\(user):\(password.text)".utf8))")
        case .pathToken(let token): Self.same(String(request.lastPathComponent), token.text)
        }
    }

    private static func same(_ given: String?, _ expected: String) -> Bool {
        guard let given else { return false }
        return constantTimeEquals(Array(given.utf8), Array(expected.utf8))
    }

    static let shortestSecret = 16

    /// - Parameter form: how reports come.
    func check(for form: ReceiptSettings.Form) throws(ReceiptSettingsError) {
        switch self {
        case .basic(_, let secret), .pathToken(let secret):
            guard secret.text.utf8.count >= Self.shortestSecret else { throw .weakSecret }
        case .signature(let signature):
            guard signature.secret.text.utf8.count >= Self.shortestSecret else { throw .weakSecret }
            let covers: Set<ReceiptSignature.Part> =
                switch form {
                case .query: [.address]
                case .formBody: [.body, .sortedFields]
                case .json: [.body]
                }
            guard !covers.isDisjoint(with: signature.signed) else { throw .signatureCoversNothing }
        }
    }
}

extension ReceiptSignature {
    func holds(for request: WebhookRequest, form: FormFields?) -> Bool {
        guard let text = request.header(self.header), text.hasPrefix(self.prefix),
            let given = self.decoded(text.dropFirst(self.prefix.count)), let content = self.content(request, form)
        else { return false }
        return constantTimeEquals(given, self.code(of: content))
    }

    private func decoded(_ text: Substring) -> [UInt8]? {
        switch self.encoding {
        case .hex: try? Hexadecimal.decode(text.lowercased())
        case .base64: try? Base64.decode(text)
        }
    }

    private func code(of content: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: Array(self.secret.text.utf8))
        return switch self.algorithm {
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: content, using: key))
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: content, using: key))
        }
    }

    /// nil if a part of it is missing.
    private func content(_ request: WebhookRequest, _ form: FormFields?) -> [UInt8]? {
        var content: [UInt8] = []
        for part in self.signed {
            switch part {
            case .body: content += request.body
            case .address: content += request.address.utf8
            case .sortedFields:
                guard let form else { return nil }
                content += Self.sorted(form)
            case .header(let name):
                guard let value = request.header(name) else { return nil }
                content += value.utf8
            case .literal(let text): content += text.utf8
            }
        }
        return content
    }

    /// By the names' bytes: a language's own order would be another.
    private static func sorted(_ form: FormFields) -> [UInt8] {
        form.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { name in
            Array(name.utf8) + Array((form[name] ?? "").utf8)
        }
    }
}
