package import Encodings

extension ApplicationKind: StoredAsJSON {}
extension ApplicationPermission: StoredAsJSON {}

extension ApplicationRegistration: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "kind": self.kind.json, "name": .string(self.name),
            "nameInTraditionalChinese": self.nameInTraditionalChinese.map(JSONValue.string),
            "permissions": self.permissions.sorted { $0.rawValue < $1.rawValue }.json,
            "postLogoutRedirectURIs": self.postLogoutRedirectURIs.json, "redirectURIs": self.redirectURIs.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let permissions: [ApplicationPermission] = try json.stored("permissions")
        self.init(
            name: try json.stored("name"),
            nameInTraditionalChinese: try json.stored(optional: "nameInTraditionalChinese"),
            kind: try json.stored("kind"),
            redirectURIs: try json.stored("redirectURIs"),
            postLogoutRedirectURIs: try json.stored("postLogoutRedirectURIs"), permissions: Set(permissions))
    }
}
