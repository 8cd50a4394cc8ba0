package import Encodings
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Input parsed once, strictly: what two readers could understand differently is refused.
extension Request {
    /// The largest body that an endpoint takes unless it says otherwise, in bytes.
    package static let largestBody = 32 * 1024

    /// - Parameter multiline: the names of the fields whose values may have more than one line.
    package func form(multiline: Set<String> = []) async throws -> FormFields {
        try self.expect("application/x-www-form-urlencoded")
        return try FormURLEncoded.parse(try await self.bytes(), multiline: multiline)
    }

    package func jsonObject(atMost limit: Int = largestBody) async throws -> JSONObjectReader {
        try await self.json(atMost: limit).object
    }

    /// An object, with the bytes that it was read from.
    package func json(
        atMost limit: Int = largestBody
    ) async throws -> (object: JSONObjectReader, bytes: [UInt8]) {
        try self.expect("application/json")
        let bytes = try await self.bytes(atMost: limit)
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

    private func bytes(atMost limit: Int = largestBody) async throws -> [UInt8] {
        let tooLarge = PublicError(
            .contentTooLarge, .tooLarge, detail: "the body may have at most \(limit) bytes")
        if let length = self.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return Array(buffer: try await self.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}
