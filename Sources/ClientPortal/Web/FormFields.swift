// application/x-www-form-urlencoded, in a query or a body (WHATWG URL section 5.1), read strictly.

import Foundation

/// The fields of a form or query. A name given twice, bad UTF-8 and control characters are refused, not repaired:
/// two readers of one request must not see two requests.
struct FormFields: Hashable, Sendable {
    private let values: [String: String]

    init(parsing text: String) throws(PortalError) {
        var values: [String: String] = [:]
        guard text.utf8.count <= 8192 else { throw .malformedRequest }
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            let value = parts.count == 2 ? try Self.decode(parts[1]) : ""
            guard values.updateValue(value, forKey: name) == nil else { throw .malformedRequest }
        }
        self.values = values
    }

    subscript(name: String) -> String? { self.values[name] }

    private static func decode(_ text: Substring) throws(PortalError) -> String {
        guard let decoded = text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding,
            decoded.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw .malformedRequest }
        return decoded
    }
}
