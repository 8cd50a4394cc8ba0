import Encodings
import HTTPTypes
import Hummingbird

extension Response {
    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        self.body(Array(text.utf8), "text/html; charset=utf-8", status)
    }

    static func plain(_ text: String, _ status: HTTPResponse.Status) -> Response {
        self.body(Array("\(text)\n".utf8), "text/plain; charset=utf-8", status)
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        self.body(value.encoded(), "application/json", status)
    }

    /// - Parameter code: for programs; the message is for people.
    static func failure(_ code: String, _ message: String, _ status: HTTPResponse.Status) -> Response {
        .json(["code": .string(code), "message": .string(message)], status: status)
    }

    static func redirect(back address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address])
    }

    static func body(_ bytes: [UInt8], _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Request {
    /// The body as JSON; nil where it is not declared or not written as such. Longer than 64 KiB is an error of its own.
    func json() async throws -> JSONValue? {
        guard self.headers[.contentType]?.prefix(while: { $0 != ";" }).lowercased() == "application/json" else {
            return nil
        }
        let body = try await self.body.collect(upTo: 65_536)
        return try? JSONValue(parsing: Array(buffer: body))
    }
}
