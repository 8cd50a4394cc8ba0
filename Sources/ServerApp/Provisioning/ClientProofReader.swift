internal import Encodings
internal import OAuth
internal import TokenSigning

/// How an application of a provisioning file proves itself, and how the server does to it. The members are named as
/// in OpenID Connect Dynamic Client Registration.
struct ClientProofReader {
    let method: ClientCredentials.Method?
    let keys: JSONValue?
    /// By what its ID tokens are signed.
    let idTokenAlgorithm: SigningAlgorithm

    init(_ reader: inout JSONObjectReader, hasSecret: Bool) throws {
        self.method = try Self.method(&reader)
        self.keys = try Self.keys(&reader)
        self.idTokenAlgorithm = try Self.algorithm(&reader)
        if let problem = self.problem(hasSecret: hasSecret) { throw ProvisioningDocument.Malformed(problem) }
    }

    private static func method(_ reader: inout JSONObjectReader) throws -> ClientCredentials.Method? {
        guard let name = try reader.optionalString("token_endpoint_auth_method", maximum: 40) else { return nil }
        guard let method = ClientCredentials.Method(rawValue: name) else {
            let known = ClientCredentials.Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw ProvisioningDocument.Malformed("token_endpoint_auth_method is not one of \(known)")
        }
        return method
    }

    private static func algorithm(_ reader: inout JSONObjectReader) throws -> SigningAlgorithm {
        guard let name = try reader.optionalString("id_token_signed_response_alg", maximum: 20) else { return .es256 }
        guard let algorithm = SigningAlgorithm(rawValue: name) else {
            throw ProvisioningDocument.Malformed("id_token_signed_response_alg is not ES256 or RS256")
        }
        return algorithm
    }

    /// Checked as it will be used, and kept as it was given.
    private static func keys(_ reader: inout JSONObjectReader) throws -> JSONValue? {
        guard let set = try reader.optionalValue("jwks") else { return nil }
        do {
            _ = try ClientKeySet(set)
        } catch {
            throw ProvisioningDocument.Malformed("\(error)")
        }
        return set
    }

    /// What an application proves itself with must be what its method takes, and nothing beside it.
    private func problem(hasSecret: Bool) -> String? {
        let hasKeys = self.keys != nil
        return switch self.method {
        case nil: hasKeys ? "jwks goes with the token_endpoint_auth_method private_key_jwt" : nil
        case .basic?, .body?: hasSecret && !hasKeys ? nil : "this token_endpoint_auth_method takes client_secret alone"
        case .privateKey?: hasKeys && !hasSecret ? nil : "private_key_jwt takes jwks, and no client_secret"
        case .some(.none):
            !hasKeys && !hasSecret ? nil : "the token_endpoint_auth_method none takes no secret and no key"
        }
    }
}
