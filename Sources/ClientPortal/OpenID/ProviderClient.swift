// Requests from the portal to the provider.

import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1

/// Sends one request and reads one bounded answer. Redirects are not followed: no endpoint is known to have moved.
struct ProviderClient: Sendable {
    static let maximumAnswer = 256 * 1024
    static let timeout = TimeAmount.seconds(10)

    let http: HTTPClient
    let logger: Logger

    /// The settings of the HTTP client that the portal runs with.
    static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(3), read: .seconds(10))
        return configuration
    }

    func get(_ address: WebAddress, bearer: String? = nil) async throws(PortalError) -> Answer {
        var request = HTTPClientRequest(url: address.text)
        request.headers.add(name: "Accept", value: "application/json")
        if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        return try await self.send(request)
    }

    func post(
        _ fields: [(name: String, value: String)], to address: WebAddress, basic: (id: String, secret: String)
    ) async throws(PortalError) -> Answer {
        var request = HTTPClientRequest(url: address.text)
        request.method = .POST
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        // Each half is form-encoded first (RFC 6749 section 2.3.1), or a colon in the id would move the border.
        let credentials = Data("\(basic.id.percentEncoded):\(basic.secret.percentEncoded)".utf8)
        request.headers.add(name: "Authorization", value: "Basic \(credentials.base64EncodedString())")
        let body = fields.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: body))
        return try await self.send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws(PortalError) -> Answer {
        do {
            let response = try await self.http.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.maximumAnswer)
            guard response.status.code < 500 else { throw PortalError.providerUnreachable }
            return Answer(status: Int(response.status.code), body: Data(body.readableBytesView))
        } catch {
            self.logger.warning(
                "The OpenID provider does not answer", metadata: ["url": "\(request.url)", "error": "\(error)"])
            throw .providerUnreachable
        }
    }

    struct Answer: Sendable {
        let status: Int
        let body: Data
    }
}
