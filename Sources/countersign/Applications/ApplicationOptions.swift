internal import ArgumentParser
internal import Encodings
internal import Foundation

/// What an application is registered with, where it is given.
struct ApplicationOptions: ParsableArguments {
    @Option(help: "The name in Traditional Chinese.") var nameZhHant: String?
    @Option(help: "web or native.") var kind: String?
    @Option(
        help: """
            What users have before them: web_portal (unless told), web_trader, mobile or desktop_trader. Pages use its \
            words.
            """)
    var surface: String?
    @Flag(help: "A public client: it proves itself by nothing. The same as --auth none.") var `public` = false
    @Option(
        help: """
            How it proves itself: client_secret_basic (unless told), client_secret_post, private_key_jwt or none.
            """)
    var auth: String?
    @Option(help: "A file with its public keys, a JSON Web Key Set; implies --auth private_key_jwt.") var jwks: String?
    @Option(help: "What its ID tokens are signed with: ES256 (unless told) or RS256.") var idTokenAlg: String?
    @Option(help: "A redirect address, exactly. May be given several times.") var redirect: [String] = []
    @Option(help: "An address after logout. May be given several times.") var postLogoutRedirect: [String] = []
    @Option(help: "Where it is told of ended sessions (back-channel logout); each is named by its sid.")
    var backchannelLogout: String?
    @Option(
        help: """
            factor_check, factor_check_text, number_check, login_api, admin_api, offline_access or introspection. May be \
            given several times.
            """)
    var permission: [String] = []

    func validate() throws {
        guard !self.public || self.auth == nil && self.jwks == nil else {
            throw ValidationError("Give --public, or --auth and --jwks, not both.")
        }
    }

    var proof: String? { self.public ? "none" : self.auth ?? self.jwks.map { _ in "private_key_jwt" } }

    /// Those that were given, as the admin API names them.
    func members() throws -> [JSONValue.Member] {
        let given = JSONValue.object(omittingAbsent: [
            "name_zh_hant": self.nameZhHant.map(JSONValue.string), "kind": self.kind.map(JSONValue.string),
            "surface": self.surface.map(JSONValue.string),
            "token_endpoint_auth_method": self.proof.map(JSONValue.string), "jwks": try self.keys(),
            "id_token_signed_response_alg": self.idTokenAlg.map(JSONValue.string),
            "redirect_uris": Self.list(self.redirect), "post_logout_redirect_uris": Self.list(self.postLogoutRedirect),
            "backchannel_logout_uri": self.backchannelLogout.map(JSONValue.string),
            "permissions": Self.list(self.permission),
        ])
        guard case .object(let members) = given else { return [] }
        return members
    }

    private static func list(_ texts: [String]) -> JSONValue? {
        texts.isEmpty ? nil : .array(texts.map(JSONValue.string))
    }

    /// A private key is stopped here: it must not be sent anywhere.
    private func keys() throws -> JSONValue? {
        guard let path = self.jwks else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 32_768,
            let set = try? JSONValue(parsing: Array(data))
        else { throw Failure("\(path) cannot be read, or is no JSON", hint: "it is to hold {\"keys\": […]}") }
        let parts = ["d", "p", "q", "k"]
        guard !set.elements("keys").contains(where: { key in parts.contains { key[$0] != nil } }) else {
            throw Failure("\(path) holds a private key", hint: "give the public part alone; nothing was sent")
        }
        return set
    }
}
