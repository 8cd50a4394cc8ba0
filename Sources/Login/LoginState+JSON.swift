package import Encodings

/// One member that names the state; what belongs to it stands below `_0`.
extension LoginState: StoredAsJSON {
    package var json: JSONValue {
        switch self {
        case .awaitingPassword: [self.name: [:]]
        case .choosingFactor(let state): [self.name: ["_0": state.json]]
        case .awaitingResponse(let state): [self.name: ["_0": state.json]]
        case .granted(let state): [self.name: ["_0": state.json]]
        case .finished(let state): [self.name: ["_0": state.json]]
        case .refused(let refusal): [self.name: ["_0": refusal.json]]
        }
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let (name, payload) = try json.storedCase()
        switch name {
        case "awaitingPassword": self = .awaitingPassword
        case "choosingFactor": self = .choosingFactor(try payload.stored("_0"))
        case "awaitingResponse": self = .awaitingResponse(try payload.stored("_0"))
        case "granted": self = .granted(try payload.stored("_0"))
        case "finished": self = .finished(try payload.stored("_0"))
        case "refused": self = .refused(try payload.stored("_0"))
        default: throw .unknown(name)
        }
    }
}

extension LoginRefusal: StoredAsJSON {}
