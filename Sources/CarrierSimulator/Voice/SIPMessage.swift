/// A message of SIP (RFC 3261 section 7), as far as a telephone that is called needs it.
struct SIPMessage: Hashable, Sendable {
    enum Start: Hashable, Sendable {
        case request(method: String, uri: String)
        case response(status: Int, reason: String)
    }

    struct Field: Hashable, Sendable {
        let name: String
        let value: String
    }

    let start: Start
    var fields: [Field]
    var body: String

    /// Nil for what is no such message: a keep-alive, for example.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), let end = text.firstRange(of: "\r\n\r\n") else {
            return nil
        }
        var lines = text[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let start = Start(lines.removeFirst()) else { return nil }
        self.start = start
        self.fields = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = line[..<colon].trimmed.lowercased()
            let value = line[line.index(after: colon)...].trimmed
            self.fields.append(Field(name: Self.longNames[name] ?? name, value: String(value)))
        }
        self.body = String(text[end.upperBound...])
    }

    /// Names are in small letters here.
    func value(_ name: String) -> String? { self.fields.first { $0.name == name }?.value }

    var method: String? { if case .request(let method, _) = self.start { method } else { nil } }
    var callID: String? { self.value("call-id") }

    /// The number in `CSeq`.
    var sequence: Int? { self.value("cseq")?.split(separator: " ").first.flatMap { Int($0) } }

    /// The short spellings (section 7.3.3).
    private static let longNames = [
        "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type",
    ]
}

extension SIPMessage.Start {
    init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return nil }
        if words[0] == "SIP/2.0", let status = Int(words[1]), (100...699).contains(status) {
            self = .response(status: status, reason: String(words[2]))
        } else if words[2] == "SIP/2.0" {
            self = .request(method: String(words[0]), uri: String(words[1]))
        } else {
            return nil
        }
    }
}

extension SIPMessage {
    /// The answer to a request (section 8.2.6): what came is said again, and `tag` added to who is called.
    func response(_ status: Int, _ reason: String, tag: String?, _ more: [Field] = [], body: String = "") -> [UInt8] {
        var lines = ["SIP/2.0 \(status) \(reason)"]
        for field in self.fields where ["via", "from", "to", "call-id", "cseq"].contains(field.name) {
            let isUntagged = field.name == "to" && !field.value.contains(";tag=")
            lines.append("\(field.name): \(field.value)\(isUntagged ? tag.map { ";tag=\($0)" } ?? "" : "")")
        }
        lines += more.map { "\($0.name): \($0.value)" } + ["content-length: \(body.utf8.count)"]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    /// Who calls or is called: the name that is shown, or else the part before the `@`.
    static func user(of value: String) -> String {
        let shown = value.prefix { $0 != "<" }.trimmed
        if value.contains("<"), !shown.isEmpty { return String(shown.filter { $0 != "\"" }) }
        return self.userPart(of: value)
    }

    /// The part before the `@` of an address, its `%2B` read as a plus sign.
    static func userPart(of address: String) -> String {
        guard let scheme = address.firstRange(of: "sip:") else { return "" }
        let user = address[scheme.upperBound...].prefix { !"@;>".contains($0) }
        return String(user.replacing("%2B", with: "+").replacing("%2b", with: "+"))
    }

    /// The address between `<` and `>`, or up to the parameters.
    static func address(of value: String) -> String {
        guard let open = value.firstIndex(of: "<") else { return String(value.prefix { $0 != ";" }) }
        return String(value[value.index(after: open)...].prefix { $0 != ">" })
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = self.drop { " \t".contains($0) }
        return start.lastIndex { !" \t".contains($0) }.map { start[...$0] } ?? ""
    }
}
