import Encodings
import Time

/// A mail that came in, read as far as a plain text goes: base64, UTF-8, encoded words. Everything else is shown as it came.
struct ReceivedMail: Hashable, Sendable {
    /// Counts all texts, calls and mails.
    let number: Int
    /// As the conversation named them.
    let from: String
    let to: [String]
    let subject: String
    let language: String?
    let text: String
    let received: Instant

    /// - Parameter lines: after DATA, without the line ends.
    init(number: Int, from: String, to: [String], lines: [String], at now: Instant) {
        (self.number, self.from, self.to, self.received) = (number, from, to, now)
        let end = lines.firstIndex(of: "") ?? lines.endIndex
        let headers = Self.headers(lines[..<end])
        self.subject = headers["subject"].map(Self.decoded) ?? ""
        self.language = headers["content-language"]
        let body = lines[end...].dropFirst()
        if headers["content-transfer-encoding"]?.lowercased() == "base64",
            let bytes = try? Base64.decode(body.joined())
        {
            self.text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        } else {
            self.text = body.joined(separator: "\n")
        }
    }

    /// By their names in lower case; a line that begins with a space goes on the one before (RFC 5322 section 2.2.3).
    private static func headers(_ lines: ArraySlice<String>) -> [String: String] {
        var (headers, last) = ([String: String](), "")
        for line in lines {
            if line.first == " " || line.first == "\t" {
                headers[last, default: ""] += line
            } else if let colon = line.firstIndex(of: ":") {
                last = line[..<colon].lowercased()
                headers[last] = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        return headers
    }

    /// Encoded words of base64 and UTF-8 (RFC 2047); the space between two of them is none.
    private static func decoded(_ header: String) -> String {
        var (text, wasEncoded) = ("", false)
        for word in header.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            let decoded = self.decoded(word: word)
            if !text.isEmpty, !(wasEncoded && decoded != nil) { text += " " }
            text += decoded ?? String(word)
            wasEncoded = decoded != nil
        }
        return text
    }

    private static func decoded(word: Substring) -> String? {
        guard word.uppercased().hasPrefix("=?UTF-8?B?"), word.hasSuffix("?=") else { return nil }
        return (try? Base64.decode(word.dropFirst(10).dropLast(2))).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Carrier {
    static let mostMails = 500

    mutating func receive(from: String, to: [String], lines: [String], at now: Instant) {
        self.mails.append(
            ReceivedMail(number: self.nextNumber(), from: from, to: to, lines: lines, at: now))
        if self.mails.count > Self.mostMails { self.mails.removeFirst() }
    }
}
