import AsyncHTTPClient
import Crypto
import Encodings
import NIOCore
import NIOHTTP1
import Time

/// A receipt on its way to a callback address:
///
///     POST …        Content-Type: application/json        X-Carrier-Signature: sha256=<HMAC-SHA256 of the body, hexadecimal>
///     {"id": "…", "to": "+85291234567", "status": "buffered" | "delivered" | "expired" | "undeliverable",
///      "code": "027", "at": "2026-01-31T09:30:00.250Z"}                                    (no code where all is well)
struct ReceiptPost: Sendable {
    let address: String
    let body: [UInt8]
    let signature: String

    init?(_ receipt: Receipt, key: String) {
        guard case .callback(let address) = receipt.address else { return nil }
        self.address = address
        self.body = JSONValue.object(omittingAbsent: [
            "id": .string(receipt.reference), "to": .string(receipt.to.text),
            "status": .string(receipt.status.rawValue),
            "code": receipt.status.code.map { .string($0) }, "at": .string(receipt.at.rfc3339),
        ]).encoded()
        let code = HMAC<SHA256>.authenticationCode(for: self.body, using: SymmetricKey(data: Array(key.utf8)))
        self.signature = "sha256=\(Hexadecimal.encode(code))"
    }

    /// Tried once more where nobody answered, as carriers do for a while.
    func send(by client: HTTPClient) async {
        if await self.isTaken(by: client) { return }
        try? await Task.sleep(for: .seconds(2))
        _ = await self.isTaken(by: client)
    }

    private func isTaken(by client: HTTPClient) async -> Bool {
        var request = HTTPClientRequest(url: self.address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "X-Carrier-Signature", value: self.signature)
        request.body = .bytes(ByteBuffer(bytes: self.body))
        return await (try? client.execute(request, timeout: .seconds(5))).map { $0.status.code < 500 } ?? false
    }
}
