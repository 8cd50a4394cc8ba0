// The header of an ID token (RFC 7515 section 4), read before any key is chosen.

import Foundation

/// A header that says ES256 and names its key. Everything else is refused here, whatever keys there are.
struct IDTokenHeader: Hashable, Sendable {
    let keyID: String

    init(of token: String) throws(IDTokenError) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let data = Data(base64URL: parts[0]),
            let header = try? JSONDecoder().decode([String: JSONValue].self, from: data)
        else { throw .malformed }
        guard header["alg"]?.string == "ES256" else { throw .algorithm(header["alg"]?.description ?? "") }
        guard header["crit"] == nil else { throw .criticalHeader }  // RFC 7515 section 4.1.11: none is understood
        guard header["typ"] == nil || header["typ"]?.string == "JWT" else { throw .malformed }
        guard let keyID = header["kid"]?.string else { throw .noKeyID }
        self.keyID = keyID
    }
}

/// Why an ID token was refused; for the log. No case carries the token.
enum IDTokenError: Error, Hashable, Sendable {
    case malformed
    case algorithm(String)
    case criticalHeader
    case noKeyID
    case unknownKey(String)
    case signature
    case claim(String)
}
