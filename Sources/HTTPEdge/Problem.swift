package import Encodings
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Problem details for programs (RFC 9457).
package struct Problem: Sendable {
    private let error: PublicError

    package init(_ error: PublicError) { self.error = error }

    package func response(request id: String?) -> Response {
        let body = JSONValue.object(omittingAbsent: [
            "type": "about:blank",
            "title": .string(self.error.status.reasonPhrase),
            "status": .integer(Int64(self.error.status.code)),
            "code": .string(self.error.code.rawValue),
            "detail": self.error.detail.map(JSONValue.string),
            "request_id": id.map(JSONValue.string),
        ])
        return .json(body, status: self.error.status, type: "application/problem+json")
    }
}

extension Response {
    package static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded())))
    }

    package static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    package static func seeOther(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}
