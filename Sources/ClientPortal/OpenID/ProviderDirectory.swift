// The provider's metadata and keys, fetched when needed and kept for a few minutes.

import Foundation

actor ProviderDirectory {
    /// Seconds for which metadata and keys are used again.
    static let lifetime: Double = 300

    private let issuer: WebAddress
    private let client: ProviderClient
    private let now: @Sendable () -> Double
    private var metadata: (value: ProviderMetadata, fetched: Double)?
    private var keys: (value: SigningKeys, fetched: Double)?

    init(issuer: WebAddress, client: ProviderClient, now: @escaping @Sendable () -> Double) {
        self.issuer = issuer
        self.client = client
        self.now = now
    }

    func currentMetadata() async throws(PortalError) -> ProviderMetadata {
        if let kept = self.metadata, self.isFresh(kept.fetched) { return kept.value }
        let base = self.issuer.text.hasSuffix("/") ? String(self.issuer.text.dropLast()) : self.issuer.text
        guard let address = WebAddress(base + "/.well-known/openid-configuration") else { throw .providerMisconfigured }
        let value = try ProviderMetadata(json: await self.fetch(address), issuer: self.issuer)
        self.metadata = (value, self.now())
        return value
    }

    /// - Parameter id: when the kept keys do not have it, they are fetched once more: the provider may have changed keys.
    func currentKeys(having id: String) async throws(PortalError) -> SigningKeys {
        if let kept = self.keys, self.isFresh(kept.fetched), kept.value[id] != nil { return kept.value }
        let value = try SigningKeys(json: await self.fetch(await self.currentMetadata().keysEndpoint))
        self.keys = (value, self.now())
        return value
    }

    private func fetch(_ address: WebAddress) async throws(PortalError) -> Data {
        let answer = try await self.client.get(address)
        guard answer.status == 200 else { throw .providerMisconfigured }
        return answer.body
    }

    private func isFresh(_ fetched: Double) -> Bool { (fetched..<(fetched + Self.lifetime)).contains(self.now()) }
}
