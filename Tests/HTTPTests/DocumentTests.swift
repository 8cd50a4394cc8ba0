import Encodings
import HTTPEdge
import HTTPTypes
import ServerApp
import TestWorld
import Testing

@Suite("The OpenAPI document")
struct DocumentTests {
    static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]

    static func document(_ site: Site) async throws -> JSONValue {
        let answer = try await site.get("/api/v1/openapi.json")
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/json")
        return try JSONValue(parsing: answer.body.utf8, maximumDepth: 64)
    }

    static func members(_ value: JSONValue?) throws -> [JSONValue.Member] {
        guard case .object(let members)? = value else { throw Missing(what: "an object in the document") }
        return members
    }

    static func texts(_ value: JSONValue?) throws -> Set<String> {
        guard case .array(let elements)? = value else { throw Missing(what: "a list in the document") }
        return Set(elements.compactMap { if case .string(let text) = $0 { text } else { nil } })
    }

    @Test("It has every call that is mounted, and no other")
    func calls() async throws {
        try await Site.with { site in
            var described: Set<String> = []
            for path in try Self.members(try await Self.document(site)["paths"]) {
                for method in Self.methods where path.value[method.rawValue.lowercased()] != nil {
                    described.insert("\(method) \(path.name)")
                }
            }
            var mounted: Set<String> = []
            for path in site.server.paths where path.hasPrefix("/api/") {
                let address = path.replacing("{", with: "").replacing("}", with: "")
                for method in Self.methods where try await site.send(method, address).status != 405 {
                    mounted.insert("\(method) \(path)")
                }
            }
            #expect(mounted.count > 30)
            #expect(described == mounted, "\(described.symmetricDifference(mounted).sorted())")
        }
    }

    @Test("It has every code of a problem, and every body refuses what it does not name")
    func schemas() async throws {
        try await Site.with { site in
            let schemas = try Self.members(try await Self.document(site)["components"]?["schemas"])
            let problem = schemas.first { $0.name == "Problem" }?.value
            #expect(
                try Self.texts(problem?["properties"]?["code"]?["enum"])
                    == Set(PublicErrorCode.allCases.map(\.rawValue)))
            let objects = schemas.filter { $0.value["type"] == "object" }
            #expect(objects.count > 30)
            for object in objects { #expect(object.value["additionalProperties"] == false, "\(object.name)") }
        }
    }
}
