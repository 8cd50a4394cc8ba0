import Encodings
import OAuth
import Testing

@Suite("The claims parameter")
struct ClaimsRequestTests {
    @Test("OpenID Connect Core 5.5, the specification's example")
    func example() throws {
        let text = #"""
            {"userinfo": {"given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
               "email_verified": {"essential": true}, "picture": null, "http://example.info/claims/groups": null},
             "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}}
            """#
        let request = try ClaimsRequest(parsing: text)
        #expect(request.userInformation.count == 6)
        #expect(request.userInformation["given_name"] == .init(isEssential: true, values: []))
        #expect(request.userInformation["nickname"] == .init(isEssential: false, values: []))
        #expect(request.idToken["auth_time"]?.isEssential == true)
        #expect(request.idToken["acr"] == .init(isEssential: false, values: ["urn:mace:incommon:iap:silver"]))
    }

    @Test(
        "Accepted",
        arguments: [
            "{}", #"{"userinfo":null}"#, #"{"id_token":{}}"#, #"{"x":1}"#, #"{"userinfo":{"a":{}}}"#,
            #"{"userinfo":{"a":{"purpose":"x"}}}"#, #"{"userinfo":{"a":{"essential":false,"value":5}}}"#,
        ])
    func accepted(text: String) throws { _ = try ClaimsRequest(parsing: text) }

    @Test("A single value is a list of one")
    func value() throws {
        let request = try ClaimsRequest(parsing: #"{"id_token":{"sub":{"value":"248289761001"}}}"#)
        #expect(request.idToken["sub"]?.values == ["248289761001"] && request.userInformation.isEmpty)
    }

    @Test(
        "Refused",
        arguments: [
            "", "x", "[]", "null", #"{"userinfo":[]}"#, #"{"userinfo":1}"#, #"{"id_token":{"a":1}}"#,
            #"{"id_token":{"a":[]}}"#, #"{"id_token":{"a":{"essential":"yes"}}}"#,
            #"{"id_token":{"a":{"essential":null}}}"#,
            #"{"id_token":{"a":{"values":"x"}}}"#, #"{"id_token":{"a":{"values":[]}}}"#,
            #"{"id_token":{"a":{"value":"x","values":["x"]}}}"#, #"{"id_token":{"a":null,"a":null}}"#,
            "{\"userinfo\":{\"\(String(repeating: "a", count: 4_100))\":null}}",
        ])
    func refused(text: String) {
        #expect(throws: ClaimsRequestError.malformed) { try ClaimsRequest(parsing: text) }
    }
}
