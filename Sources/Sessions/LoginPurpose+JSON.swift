internal import Authenticators
package import Encodings
internal import Identifiers

extension LoginPurpose: StoredAsJSON {
    package var json: JSONValue {
        switch self {
        case .authorization(let pending): ["authorization": ["_0": pending.json]]
        case .native(let pending): ["native": ["_0": pending.json]]
        case .factorCheck: ["factorCheck": [:]]
        case .account(let visit): ["account": ["_0": visit.json]]
        }
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let (name, payload) = try json.storedCase()
        switch name {
        case "authorization": self = .authorization(try payload.stored("_0"))
        case "native": self = .native(try payload.stored("_0"))
        case "factorCheck": self = .factorCheck
        case "account": self = .account(try payload.stored("_0"))
        default: throw .unknown(name)
        }
    }
}

extension Assurance: StoredAsJSON {}

extension PendingAuthorization: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "assurances": self.assurances.isEmpty ? nil : self.assurances.json,
            "capabilities": self.capabilities.isEmpty
                ? nil : self.capabilities.sorted { $0.rawValue < $1.rawValue }.json,
            "claims": self.claims?.json,
            "codeChallenge": self.codeChallenge?.json, "loginHint": self.loginHint?.json, "nonce": self.nonce?.json,
            "query": self.query.json, "redirectURI": self.redirectURI.json, "scope": self.scope.json,
            "state": self.state?.json, "subject": self.subject?.json, "uiLocales": self.uiLocales.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            redirectURI: try json.stored("redirectURI"), scope: try json.stored("scope"),
            state: try json.stored(optional: "state"), nonce: try json.stored(optional: "nonce"),
            codeChallenge: try json.stored(optional: "codeChallenge"),
            loginHint: try json.stored(optional: "loginHint"), uiLocales: try json.stored("uiLocales"),
            query: try json.stored("query"), claims: try json.stored(optional: "claims"),
            subject: try json.stored(optional: "subject"),
            assurances: try json.stored(optional: "assurances") ?? [],
            capabilities: Set(try json.stored(optional: "capabilities") ?? [ClientCapability]()))
    }
}

extension AccountVisit: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "loginHint": self.loginHint?.json, "returnTo": self.returnTo.json, "strength": self.strength?.json,
            "user": self.user?.json,
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        self.init(
            returnTo: try json.stored("returnTo"), user: try json.stored(optional: "user"),
            loginHint: try json.stored(optional: "loginHint"), strength: try json.stored(optional: "strength"))
    }
}
