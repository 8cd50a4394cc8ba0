internal import Encodings
internal import Time

/// The values of headers, written so that nothing in them can begin another header or the body.
enum MailHeader {
    /// Whether the text may be a subject or a name: no control characters, so no line break.
    static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && !self.breaksLine($0) }
    }

    /// U+2028 and U+2029, which some readers take for line ends.
    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// Encoded words (RFC 2047 section 2): at most 75 characters each, whole characters in each, one a line.
    ///
    /// Always encoded: plain words would need quoting in a name, folding in a subject, and look out for `=?`.
    static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for character in text {
            let bytes = Array(character.utf8)
            if words[words.count - 1].count + bytes.count > self.bytesInAWord { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }

    /// 60 characters of base64 and 12 around them.
    private static let bytesInAWord = 45

    /// `Fri, 27 Nov 2026 09:30:00 +0000` (RFC 5322 section 3.3).
    static func date(_ instant: Instant) -> String {
        let parts = instant.rfc3339.split { "-T.Z".contains($0) }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let second = (instant.seconds % 86_400 + 86_400) % 86_400
        let day = (instant.seconds - second) / 86_400
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekdays[Int((day % 7 + 7) % 7)]), \(parts[2]) \(month) \(parts[0]) \(parts[3]) +0000"
    }
}
