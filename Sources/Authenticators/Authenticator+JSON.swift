package import Encodings
internal import Identifiers

extension AuthenticatorKind: StoredAsJSON {}
extension AuthenticationMethod: StoredAsJSON {}
extension BindingStrength: StoredAsJSON {}

extension AuthenticatorSummary: StoredAsJSON {
    package var json: JSONValue {
        ["id": self.id.json, "kind": self.kind.json, "label": .string(self.label)]
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(id: try json.stored("id"), kind: try json.stored("kind"), label: try json.stored("label"))
    }
}
