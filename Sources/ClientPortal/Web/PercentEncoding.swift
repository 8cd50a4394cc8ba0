// Percent-encoding (RFC 3986 section 2) and base64url (RFC 4648 section 5), strict both ways.

import Foundation

extension String {
    /// Everything but the unreserved characters of RFC 3986 section 2.3 is encoded.
    var percentEncoded: String {
        self.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + String(byte >> 4, radix: 16).uppercased() + String(byte & 15, radix: 16).uppercased()
            }
        }.joined()
    }
}

extension Data {
    /// - Returns: nil for padding, other alphabets and spellings that are not the canonical one.
    init?(base64URL text: some StringProtocol) {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        guard let data = Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)),
            data.base64URL == text
        else { return nil }
        self = data
    }

    var base64URL: String {
        self.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}
