// What is stored of an application is schema.

import Applications
import Encodings
import Identifiers
import Testing

@Suite struct ApplicationSchemaTests {
    @Test func kinds() {
        #expect(ApplicationKind.allCases.map(\.rawValue) == ["web", "native"])
    }

    @Test func permissions() {
        let all = [
            "factor_check", "factor_check_text", "number_check", "login_api", "admin_api", "offline_access",
            "introspection",
        ]
        #expect(ApplicationPermission.allCases.map(\.rawValue) == all)
    }

    @Test func surfaces() {
        let all = ["web_portal", "web_trader", "mobile", "desktop_trader"]
        #expect(ApplicationSurface.allCases.map(\.rawValue) == all)
    }

    @Test("What users have before them is stored where it is no web portal; an earlier registration says nothing of it")
    func surface() throws {
        let registration = ApplicationRegistration(
            name: "Desk", kind: .native, redirectURIs: [], postLogoutRedirectURIs: [], permissions: [],
            surface: .desktopTrader)
        let json =
            #"{"kind":"native","name":"Desk","permissions":[],"postLogoutRedirectURIs":[],"redirectURIs":[],"#
            + #""surface":"desktop_trader"}"#
        #expect(registration.storedText == json)
        #expect(try ApplicationRegistration(storedText: json) == registration)
        let earlier = json.replacing(#","surface":"desktop_trader""#, with: "")
        #expect(try ApplicationRegistration(storedText: earlier).surface == .webPortal)
    }

    @Test("A registration as it is stored")
    func registration() throws {
        let registration = ApplicationRegistration(
            name: "Desk", kind: .native, redirectURIs: ["http://127.0.0.1/back"], postLogoutRedirectURIs: [],
            permissions: [.factorCheck])
        let json =
            #"{"kind":"native","name":"Desk","permissions":["factor_check"],"postLogoutRedirectURIs":[],"#
            + #""redirectURIs":["http://127.0.0.1/back"]}"#
        #expect(registration.storedText == json)
        #expect(try ApplicationRegistration(storedText: json) == registration)
    }

    @Test("A registration with a name in Traditional Chinese as it is stored")
    func localName() throws {
        let registration = ApplicationRegistration(
            name: "Desk", nameInTraditionalChinese: "交易台", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [],
            permissions: [])
        let json =
            #"{"kind":"web","name":"Desk","nameInTraditionalChinese":"交易台","permissions":[],"#
            + #""postLogoutRedirectURIs":[],"redirectURIs":[]}"#
        #expect(registration.storedText == json)
        #expect(try ApplicationRegistration(storedText: json) == registration)
    }

    @Test("A permission that nobody knows is refused, not dropped")
    func unknownPermission() {
        let json =
            #"{"kind":"web","name":"","permissions":["everything"],"postLogoutRedirectURIs":[],"redirectURIs":[]}"#
        #expect(throws: JSONMemberError.self) { try ApplicationRegistration(storedText: json) }
    }

    @Test(
        "A client with a secret is confidential",
        arguments: [(nil, false), ([1, 2, 3], true)] as [([UInt8]?, Bool)])
    func confidential(secretHash: [UInt8]?, expected: Bool) throws {
        let registration = ApplicationRegistration(
            name: "", kind: .web, redirectURIs: [], postLogoutRedirectURIs: [], permissions: [])
        let id = try #require(ApplicationID("000000000000000000000000000000d1"))
        let application = Application(
            id: id, clientID: "desk", registration: registration, secretHash: secretHash)
        #expect(application.isConfidential == expected)
    }
}
