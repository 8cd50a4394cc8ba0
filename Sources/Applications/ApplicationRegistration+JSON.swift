package import Encodings
package import OAuth

extension ApplicationKind: StoredAsJSON {}
extension ApplicationPermission: StoredAsJSON {}
extension ApplicationSurface: StoredAsJSON {}
extension ClientCredentials.Method: StoredAsJSON {}
extension SigningAlgorithm: StoredAsJSON {}

extension ApplicationRegistration: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "authentication": self.authentication?.json,
            "backchannelLogoutURI": self.backchannelLogoutURI?.json,
            "idTokenAlgorithm": self.idTokenAlgorithm == .es256 ? nil : self.idTokenAlgorithm.json, "jwks": self.keys,
            "kind": self.kind.json, "name": .string(self.name),
            "nameInTraditionalChinese": self.nameInTraditionalChinese.map(JSONValue.string),
            "permissions": self.permissions.sorted { $0.rawValue < $1.rawValue }.json,
            "postLogoutRedirectURIs": self.postLogoutRedirectURIs.json, "redirectURIs": self.redirectURIs.json,
            "surface": self.surface == .webPortal ? nil : self.surface.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let permissions: [ApplicationPermission] = try json.stored("permissions")
        self.init(
            name: try json.stored("name"),
            nameInTraditionalChinese: try json.stored(optional: "nameInTraditionalChinese"),
            kind: try json.stored("kind"),
            redirectURIs: try json.stored("redirectURIs"),
            postLogoutRedirectURIs: try json.stored("postLogoutRedirectURIs"), permissions: Set(permissions),
            authentication: try json.stored(optional: "authentication"), keys: json["jwks"],
            idTokenAlgorithm: try json.stored(optional: "idTokenAlgorithm") ?? .es256,
            backchannelLogoutURI: try json.stored(optional: "backchannelLogoutURI"),
            surface: try json.stored(optional: "surface") ?? .webPortal)
    }
}
