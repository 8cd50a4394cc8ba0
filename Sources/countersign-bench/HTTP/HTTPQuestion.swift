/// A request as it goes over the connection.
struct HTTPQuestion {
    let text: String

    static func get(_ path: String) -> HTTPQuestion {
        HTTPQuestion(text: "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    }

    /// - Parameter headers: each with its line break.
    static func post(_ path: String, _ type: String, _ body: String, headers: String = "") -> HTTPQuestion {
        HTTPQuestion(
            text: "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }
}
