import OAuth
import Testing

@Suite("Bearer tokens")
struct BearerTokenTests {
    @Test("Accepted", arguments: ["Bearer mF_9.B5f-4.1JqM", "bearer 1-2-3", "BEARER a~b+c/d==", "Bearer 0000"])
    func accepted(header: String) throws {
        let token = try BearerToken(authorization: header)
        #expect(token.secret.revealed == header.split(separator: " ").last.map(String.init))
        #expect(!"\(token)".contains(token.secret.revealed))
    }

    @Test(
        "Refused",
        arguments: [
            (nil, .missing), ("", .missing), ("Basic cDpz", .missing), ("Bearers a", .missing), (" Bearer a", .missing),
            ("Bearer", .malformed), ("Bearer ", .malformed), ("Bearer  a", .malformed), ("Bearer a b", .malformed),
            ("Bearer a=b", .malformed), ("Bearer ==", .malformed), ("Bearer a,b", .malformed),
            ("Bearer \"a\"", .malformed),
            ("Bearer é", .malformed), ("Bearer a\n", .malformed),
            ("Bearer \(String(repeating: "a", count: 4_097))", .malformed),
        ] as [(String?, BearerError)])
    func refused(header: String?, error: BearerError) {
        #expect(throws: error) { try BearerToken(authorization: header) }
    }

    @Test("In the body of a form, but not in two places")
    func body() throws {
        let fields = try Fixtures.form(["access_token": "a~b+c/d==", "more": "x"])
        #expect(try BearerToken(authorization: nil, fields: fields).secret.revealed == "a~b+c/d==")
        #expect(throws: BearerError.malformed) { try BearerToken(authorization: "Bearer a", fields: fields) }
        #expect(throws: BearerError.malformed) { try BearerToken(authorization: "Basic a", fields: fields) }
        for bad in ["a b", "==", "é", String(repeating: "a", count: 4_097)] {
            let fields = try Fixtures.form(["access_token": bad])
            #expect(throws: BearerError.malformed) { try BearerToken(authorization: nil, fields: fields) }
        }
        let none = try Fixtures.form(["access_token": ""])
        #expect(throws: BearerError.missing) { try BearerToken(authorization: nil, fields: none) }
        #expect(try BearerToken(authorization: "Bearer a", fields: none).secret.revealed == "a")
    }

    @Test(
        "What the client is told",
        arguments: [
            (.missing, 401, ""), (.malformed, 400, #", error="invalid_request""#),
            (.invalidToken, 401, #", error="invalid_token""#),
            (.insufficientScope("email"), 403, #", error="insufficient_scope", scope="email""#),
            (
                .insufficientUserAuthentication(acrValues: ["a", "b"], maximumAge: 60), 401,
                #", error="insufficient_user_authentication", acr_values="a b", max_age="60""#
            ),
            (
                .insufficientUserAuthentication(acrValues: [], maximumAge: nil), 401,
                #", error="insufficient_user_authentication""#
            ),
            (.insufficientScope("a\"b\\c\r\nX: y"), 403, #", error="insufficient_scope", scope="abcX: y""#),
        ] as [(BearerError, Int, String)])
    func challenge(error: BearerError, status: Int, parameters: String) {
        #expect(error.status == status)
        #expect(error.challenge == #"Bearer realm="countersign""# + parameters)
    }
}
