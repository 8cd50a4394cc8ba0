// Assurance is true to what was proven; it and the purposes are schema.

import Authenticators
import Foundation
import Sessions
import Testing
import Time

@Suite struct AssuranceTests {
    @Test(
        "Multi-factor only where that was proven",
        arguments: [
            ([], .singleFactor), ([.password], .singleFactor), ([.oneTimePassword], .singleFactor),
            ([.oneTimePassword, .pin], .singleFactor), ([.oneTimePassword, .pin, .multiFactor], .multiFactor),
            ([.password, .oneTimePassword, .pin, .multiFactor], .multiFactor),
        ] as [([AuthenticationMethod], Assurance)])
    func assurance(methods: [AuthenticationMethod], expected: Assurance) {
        #expect(Authentication(at: Instant(milliseconds: 0), methods: methods).assurance == expected)
    }

    @Test("The values of `acr` stand in tokens")
    func values() {
        let values = ["urn:countersign:acr:single-factor", "urn:countersign:acr:multi-factor"]
        #expect(Assurance.allCases.map(\.rawValue) == values)
    }

    static let pending = PendingAuthorization(
        redirectURI: "https://app.example/back", scope: ["openid", "profile"], state: "s", nonce: nil,
        codeChallenge: "c", loginHint: nil, uiLocales: ["de", "en"], query: "a=b")

    @Test(
        "Purposes as they are stored",
        arguments: [
            (.factorCheck, #"{"factorCheck":{}}"#),
            (
                .authorization(pending),
                #"{"authorization":{"_0":{"codeChallenge":"c","query":"a=b","redirectURI":"https://app.example/back","#
                    + #""scope":["openid","profile"],"state":"s","uiLocales":["de","en"]}}}"#
            ),
        ] as [(LoginPurpose, String)])
    func purposes(purpose: LoginPurpose, json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(String(decoding: try encoder.encode(purpose), as: UTF8.self) == json)
        #expect(try JSONDecoder().decode(LoginPurpose.self, from: Data(json.utf8)) == purpose)
    }
}
