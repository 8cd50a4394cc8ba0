/// What a caller offers to send and to take (SDP, RFC 4566), as far as a telephone understands it.
struct SoundOffer: Hashable, Sendable {
    let host: String
    let port: Int
    let codec: G711
    /// How pressed keys are numbered (RFC 4733); nil where the caller takes none.
    let keys: UInt8?

    /// Nil where there is nothing that a telephone could speak, or not on this machine.
    init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        let host = lines.last { $0.hasPrefix("c=IN IP4 ") }?.dropFirst(9).split(separator: "/").first.map(String.init)
        guard host == "127.0.0.1", let media = lines.first(where: { $0.hasPrefix("m=audio ") }) else { return nil }
        let words = media.split(separator: " ")
        guard words.count >= 4, words[2] == "RTP/AVP", let port = Int(words[1]), (1...65_535).contains(port) else {
            return nil
        }
        let types = words.dropFirst(3).compactMap { UInt8($0) }
        guard let codec = types.lazy.compactMap(G711.init(rawValue:)).first else { return nil }
        (self.host, self.port, self.codec) = ("127.0.0.1", port, codec)
        self.keys = types.first { type in
            lines.contains { $0.lowercased().hasPrefix("a=rtpmap:\(type) telephone-event/8000") }
        }
    }

    /// - Parameter port: where we take sound.
    func answer(port: Int, session: Int) -> String {
        var lines = [
            "v=0", "o=carrier \(session) 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            "m=audio \(port) RTP/AVP \(self.codec.rawValue)\(self.keys.map { " \($0)" } ?? "")",
            "a=rtpmap:\(self.codec.rawValue) \(self.codec.name)/8000",
        ]
        if let keys { lines += ["a=rtpmap:\(keys) telephone-event/8000", "a=fmtp:\(keys) 0-15"] }
        lines += ["a=ptime:20", "a=sendrecv"]
        return lines.map { $0 + "\r\n" }.joined()
    }
}
