package import Encodings

/// The claims that an application asked for by name, beside those of its scopes. Only names that are known here.
package struct RequestedClaims: Hashable, Sendable {
    package let userInformation: [String]
    package let idToken: [String]

    package init(userInformation: [String], idToken: [String]) {
        self.userInformation = userInformation
        self.idToken = idToken
    }
}

extension RequestedClaims: StoredAsJSON {
    package var json: JSONValue { ["idToken": self.idToken.json, "userInformation": self.userInformation.json] }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(userInformation: try json.stored("userInformation"), idToken: try json.stored("idToken"))
    }
}
