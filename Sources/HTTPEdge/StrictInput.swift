package import Encodings
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Input parsed once, strictly: what two readers could understand differently is refused.
extension Request {
    /// The largest body that any endpoint takes, in bytes.
    package static let largestBody = 32 * 1024

    /// - Parameter multiline: the names of the fields whose values may have more than one line.
    package func form(multiline: Set<String> = []) async throws -> FormFields {
        try self.expect("application/x-www-form-urlencoded")
        return try FormURLEncoded.parse(try await self.bytes(), multiline: multiline)
    }

    package func jsonObject() async throws -> JSONObjectReader { try await self.json().object }

    /// An object, with the bytes that it was read from.
    package func json() async throws -> (object: JSONObjectReader, bytes: [UInt8]) {
        try self.expect("application/json")
        let bytes = try await self.bytes()
        return (try JSONObjectReader(try JSONValue(parsing: bytes)), bytes)
    }

    package func queryFields() throws -> FormFields {
        try FormURLEncoded.parse(Array((self.uri.query ?? "").utf8))
    }

    private func expect(_ type: String) throws {
        let given = self.headers[.contentType]?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
        guard given == type else {
            throw PublicError(.unsupportedMediaType, .unsupportedMediaType, detail: "send the body as \(type)")
        }
    }

    private func bytes() async throws -> [UInt8] {
        if let length = self.headers[.contentLength].flatMap({ Int($0) }), length > Self.largestBody {
            throw Self.tooLarge
        }
        do {
            return Array(buffer: try await self.body.collect(upTo: Self.largestBody))
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge
        }
    }

    private static let tooLarge = PublicError(
        .contentTooLarge, .tooLarge, detail: "the body may have at most \(largestBody) bytes")
}
