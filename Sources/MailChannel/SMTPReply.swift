/// One reply of a relay (RFC 5321 section 4.2). Its words may echo the recipient: only the codes are ever shown.
struct SMTPReply: Hashable, Sendable {
    let code: Int
    /// The words of each line.
    let lines: [String]

    /// `5.1.1`, where the first line begins with such a code (RFC 2034 section 4).
    var enhancedCode: String? {
        guard let word = self.lines.first?.split(separator: " ").first else { return nil }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\(self.code / 100)",
            parts.dropFirst().allSatisfy({ (1...3).contains($0.utf8.count) && UInt16($0) != nil })
        else { return nil }
        return String(word)
    }

    /// For the operator: `550 5.1.1`.
    var codes: String { self.enhancedCode.map { "\(self.code) \($0)" } ?? "\(self.code)" }
}

/// Lines as they come in, to replies.
struct SMTPReplyReader {
    /// Bounds what a relay can make us keep.
    static let longestLine = 2048
    static let mostLines = 100

    private var line: [UInt8] = []
    private var code: Int?
    private var lines: [String] = []

    /// Whether a part of a reply has come and its end has not.
    var isBetween: Bool { !self.line.isEmpty || self.code != nil }

    /// - Returns: the replies that are now whole.
    mutating func read(_ bytes: some Sequence<UInt8>) throws(SMTPReplyError) -> [SMTPReply] {
        var replies: [SMTPReply] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                guard self.line.count < Self.longestLine else { throw .tooLong }
                self.line.append(byte)
                continue
            }
            if let reply = try self.endLine() { replies.append(reply) }
        }
        return replies
    }

    private mutating func endLine() throws(SMTPReplyError) -> SMTPReply? {
        defer { self.line = [] }
        let bytes = self.line.last == UInt8(ascii: "\r") ? self.line.dropLast() : self.line[...]
        guard bytes.count >= 3, let code = Int(String(decoding: bytes.prefix(3), as: UTF8.self)),
            (200...599).contains(code), self.code == nil || self.code == code, self.lines.count < Self.mostLines
        else { throw .malformed }
        let separator = bytes.dropFirst(3).first ?? UInt8(ascii: " ")
        self.lines.append(String(decoding: bytes.dropFirst(4), as: UTF8.self))
        switch separator {
        case UInt8(ascii: "-"):
            self.code = code
            return nil
        case UInt8(ascii: " "):
            defer { (self.code, self.lines) = (nil, []) }
            return SMTPReply(code: code, lines: self.lines)
        default: throw .malformed
        }
    }
}

enum SMTPReplyError: Error, Hashable, Sendable {
    case malformed
    case tooLong
}
