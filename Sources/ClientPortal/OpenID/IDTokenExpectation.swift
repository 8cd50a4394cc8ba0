// What an ID token must say (OpenID Connect Core 1.0 section 3.1.3.7).

import Crypto
import Foundation

/// The login that an ID token must be for.
struct IDTokenExpectation: Sendable {
    /// How far the provider's clock may be from ours, in seconds.
    static let skew: Double = 60

    let issuer: String
    let clientID: String
    let accessToken: String
    let login: PendingLogin
    /// Seconds since 1970.
    let now: Double

    /// - Returns: the subject.
    func check(_ claims: IDTokenClaims) throws(IDTokenError) -> String {
        guard claims["iss"]?.string == self.issuer else { throw .claim("iss") }
        // No audience beside us is trusted, so there may be none.
        guard claims["aud"]?.strings == [self.clientID] else { throw .claim("aud") }
        guard claims["azp"] == nil || claims["azp"]?.string == self.clientID else { throw .claim("azp") }
        guard claims["nonce"]?.string == self.login.nonce else { throw .claim("nonce") }
        guard let subject = claims.subject, !subject.isEmpty, subject.utf8.count <= 255 else { throw .claim("sub") }
        try self.checkTimes(claims)
        try self.checkAuthenticationTime(claims)
        guard claims["at_hash"] == nil || claims["at_hash"]?.string == self.accessTokenHash else {
            throw .claim("at_hash")
        }
        return subject
    }

    private func checkTimes(_ claims: IDTokenClaims) throws(IDTokenError) {
        guard let expires = claims["exp"]?.seconds, self.now < expires + Self.skew else { throw .claim("exp") }
        // Made for this login: after it began, and not in the future.
        guard let issued = claims["iat"]?.seconds,
            issued >= self.login.started - Self.skew, issued <= self.now + Self.skew
        else { throw .claim("iat") }
    }

    /// Needed whenever the portal asked how old the authentication may be (sections 2 and 3.1.2.1).
    private func checkAuthenticationTime(_ claims: IDTokenClaims) throws(IDTokenError) {
        guard claims["auth_time"] != nil else {
            guard self.login.maxAge == nil, !self.login.isFresh else { throw .claim("auth_time") }
            return
        }
        guard let time = claims.authenticationTime, time >= 0, time <= self.now + Self.skew else {
            throw .claim("auth_time")
        }
        let oldest = [
            self.login.maxAge.map { self.now - Double($0) },
            self.login.isFresh ? self.login.started : nil,
        ].compactMap { $0 }.max()
        guard time >= (oldest ?? 0) - Self.skew else { throw .claim("auth_time") }
    }

    /// Section 3.1.3.6: the left half of the access token's hash.
    private var accessTokenHash: String {
        Data(SHA256.hash(data: Data(self.accessToken.utf8)).prefix(16)).base64URL
    }
}
