import Encodings
import Foundation
import Identifiers
import TestWorld

/// Secrets under their names, each searched for in every form that it could be written down in.
struct Canaries {
    private var forms: [(name: String, bytes: [UInt8])] = []

    /// - Parameter text: long enough not to occur by chance.
    mutating func add(_ name: String, _ text: String) {
        precondition(text.utf8.count >= 4, "too short to be told from chance")
        self.add(name, Array(text.utf8), isText: true)
    }

    /// A short code, which stands somewhere by chance: searched for as it would be written down.
    mutating func add(_ name: String, digits: String) {
        for before in ["=", " ", "#", "\"", ":", "'"] { self.add(name, before + digits) }
    }

    mutating func add(_ name: String, bytes: [UInt8]) { self.add(name, bytes, isText: false) }

    mutating func add(_ name: String, token: String) {
        self.add(name, token)
        if let bytes = try? Base64URL.decode(token) { self.add("\(name), raw", bytes: bytes) }
    }

    private mutating func add(_ name: String, _ bytes: [UInt8], isText: Bool) {
        self.forms.append((name, bytes))
        guard bytes.count >= 8 else { return }
        self.forms.append(("\(name), hexadecimal", Array(Hexadecimal.encode(bytes).utf8)))
        self.forms.append(("\(name), upper-case hexadecimal", Array(Hexadecimal.encode(bytes).uppercased().utf8)))
        self.forms.append(("\(name), base64", Array(Data(bytes).base64EncodedString().filter { $0 != "=" }.utf8)))
        self.forms.append(("\(name), base64url", Array(Base64URL.encode(bytes).utf8)))
    }

    /// The names of those that stand in the bytes.
    func found(in bytes: [UInt8]) -> [String] {
        let haystack = Data(bytes)
        return self.forms.filter { haystack.range(of: Data($0.bytes)) != nil }.map(\.name)
    }

    func found(in text: String) -> [String] { self.found(in: Array(text.utf8)) }
}
