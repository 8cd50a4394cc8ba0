/// The fields of a receipt's text (appendix B): `id:IIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm
/// stat:DDDDDDD err:EEE text: …`, in any order and case, each of which may be missing.
struct ReceiptText {
    private let bytes: ArraySlice<UInt8>

    /// Cuts off the echo of the message before anything else is looked at: it holds the code.
    init(_ content: [UInt8]) {
        self.bytes = content[..<(Self.place(of: "text:", in: content[...])?.lowerBound ?? content.endIndex)]
    }

    /// The word after the key; nil when there is none. Another key is no value.
    func value(_ key: String) -> String? {
        guard let place = Self.place(of: key, in: self.bytes) else { return nil }
        let value = self.bytes[place.upperBound...].drop { $0 == Self.space }.prefix { $0 != Self.space }
        guard !value.isEmpty, value.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }) else {
            return nil
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static let space = UInt8(ascii: " ")

    /// At the beginning of a word: `id:` is not in `grid:`.
    private static func place(of key: String, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        let key = Array(key.utf8)
        guard bytes.count >= key.count else { return nil }
        return (bytes.startIndex...bytes.endIndex - key.count).lazy.filter {
            $0 == bytes.startIndex || bytes[$0 - 1] <= Self.space
        }.map { $0..<$0 + key.count }.first { range in
            zip(bytes[range], key).allSatisfy { Self.small($0) == $1 }
        }
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
