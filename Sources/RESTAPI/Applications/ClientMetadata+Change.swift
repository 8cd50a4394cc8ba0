package import Applications
package import Encodings
package import OAuth

extension ClientMetadata {
    /// As it is shown, and as ``read(_:)`` takes it.
    static func members(of application: Application) -> [JSONValue.Member] {
        Self.members(of: application.registration, proof: application.authentication)
    }

    /// - Parameter proof: how it proves itself.
    package static func members(
        of registration: ApplicationRegistration, proof: ClientCredentials.Method
    ) -> [JSONValue.Member] {
        let isTold = registration.backchannelLogoutURI != nil
        let shown = JSONValue.object(omittingAbsent: [
            "name": .string(registration.name),
            "name_zh_hant": registration.nameInTraditionalChinese.map(JSONValue.string),
            "kind": .string(registration.kind.rawValue), "surface": .string(registration.surface.rawValue),
            "token_endpoint_auth_method": .string(proof.rawValue), "jwks": registration.keys,
            "id_token_signed_response_alg": .string(registration.idTokenAlgorithm.rawValue),
            "redirect_uris": .array(registration.redirectURIs.map(JSONValue.string)),
            "post_logout_redirect_uris": .array(registration.postLogoutRedirectURIs.map(JSONValue.string)),
            "backchannel_logout_uri": registration.backchannelLogoutURI.map(JSONValue.string),
            "backchannel_logout_session_required": isTold ? true : nil,
            "permissions": .array(registration.permissions.map(\.rawValue).sorted().map(JSONValue.string)),
        ])
        guard case .object(let members) = shown else { return [] }
        return members
    }

    /// What a change names (RFC 7396): each member takes the place of the one before, and null takes it away.
    struct Change: Sendable {
        private let members: [JSONValue.Member]

        init(_ reader: inout JSONObjectReader) throws {
            self.members = try ClientMetadata.names.compactMap { name in
                try reader.optionalValue(name).map { JSONValue.Member(name, $0) }
            }
        }

        var isEmpty: Bool { self.members.isEmpty }

        /// The registration as it will be, by the rules of a new one.
        func applied(to application: Application) throws -> ApplicationRegistration {
            let names = Set(self.members.map(\.name))
            let kept = ClientMetadata.members(of: application).filter { !names.contains($0.name) }
            let given = self.members.filter { $0.value != .null }
            var reader = try JSONObjectReader(.object(kept + given))
            let registration = try ClientMetadata.read(&reader)
            try reader.finish()
            return registration
        }
    }
}
