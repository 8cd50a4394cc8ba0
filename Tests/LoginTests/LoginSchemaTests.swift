// The states as they are stored. A change to one of these texts needs a migration of the logins that are under way.

import Authenticators
import Encodings
import Identifiers
import Login
import Testing
import Time

@Suite struct LoginSchemaTests {
    static let user = #""user":"000000000000000000000000000000a1""#
    static let first = #"{"id":"000000000000000000000000000000c1","kind":"security_card","label":"…0001"}"#
    static let second = #"{"id":"000000000000000000000000000000c2","kind":"security_card","label":"…0002"}"#
    static let challenge = #"{"digits":"123456","expires":1180000,"id":"00000000000000000000000000000011"}"#
    static let subject =
        #"{"authenticators":[\#(first),\#(second)],"passwordAt":1000000,"passwordSetAt":500000,\#(user)}"#
    static let blocked = #"{"authenticator":"000000000000000000000000000000c1","until":1300000}"#

    private func check(_ state: LoginState, _ json: String) throws {
        #expect(state.storedText == json)
        #expect(try LoginState(storedText: json) == state)
    }

    @Test func awaitingPassword() throws {
        try check(.awaitingPassword, #"{"awaitingPassword":{}}"#)
    }

    @Test func choosingFactor() throws {
        try check(
            .choosingFactor(ChoosingFactor(subject: Sample.subject())),
            #"{"choosingFactor":{"_0":{"subject":\#(Self.subject)}}}"#)
        try check(
            .choosingFactor(ChoosingFactor(subject: Sample.subject(), blocked: Sample.blockedFirst)),
            #"{"choosingFactor":{"_0":{"blocked":\#(Self.blocked),"subject":\#(Self.subject)}}}"#)
        try check(
            .choosingFactor(ChoosingFactor(subject: Sample.subject(), codesEnded: true)),
            #"{"choosingFactor":{"_0":{"codesEnded":true,"subject":\#(Self.subject)}}}"#)
    }

    @Test("Without a password its time is absent")
    func factorCheck() throws {
        try check(
            .choosingFactor(ChoosingFactor(subject: Sample.subject([Sample.first], passwordAt: nil))),
            #"{"choosingFactor":{"_0":{"subject":{"authenticators":[\#(Self.first)],\#(Self.user)}}}}"#)
    }

    @Test func awaitingResponse() throws {
        var waiting = AwaitingResponse(
            subject: Sample.subject(), factor: Sample.first, challenge: .card(Sample.challenge))
        let head = #"{"awaitingResponse":{"_0":{"challenge":\#(Self.challenge),"factor":\#(Self.first),"#
        try check(.awaitingResponse(waiting), head + #""subject":\#(Self.subject)}}}"#)
        waiting.lastWrong = Sample.wrong
        try check(
            .awaitingResponse(waiting),
            head + #""lastWrong":{"nextBlock":60000,"triesLeft":1},"subject":\#(Self.subject)}}}"#)
        waiting.lastWrong = WrongAnswer(triesLeft: 3, nextBlock: nil)
        try check(
            .awaitingResponse(waiting), head + #""lastWrong":{"triesLeft":3},"subject":\#(Self.subject)}}}"#)
    }

    @Test("A login that waits for a code")
    func awaitingCode() throws {
        let phone = #"{"id":"000000000000000000000000000000c3","kind":"phone_number","label":"567"}"#
        let waiting = AwaitingResponse(
            subject: Sample.subject([Sample.phone]), factor: Sample.phone, challenge: .code(Sample.code),
            lastWrong: WrongAnswer(triesLeft: 3, nextBlock: nil, isOlderCode: true))
        try check(
            .awaitingResponse(waiting),
            #"{"awaitingResponse":{"_0":{"challenge":{"expires":1600000,"id":"00000000000000000000000000000013","#
                + #""lastSent":1000000,"nextText":1120000,"sent":["text"]},"factor":\#(phone),"#
                + #""lastWrong":{"olderCode":true,"triesLeft":3},"subject":{"authenticators":[\#(phone)],"#
                + #""passwordAt":1000000,"passwordSetAt":500000,\#(Self.user)}}}}"#)
    }

    @Test func granted() throws {
        try check(
            Login.granted().state,
            #"{"granted":{"_0":{"at":1030000,"factor":\#(Self.first),"methods":["pwd","otp","pin","mfa"],"#
                + #""passwordSetAt":500000,\#(Self.user)}}}"#)
    }

    @Test("As an older version stored them: which password it was is not said")
    func older() throws {
        let subject = Self.subject.replacing(#""passwordSetAt":500000,"#, with: "")
        let choosing = try LoginState(storedText: #"{"choosingFactor":{"_0":{"subject":\#(subject)}}}"#)
        #expect(choosing.subject?.passwordAt == Sample.start && choosing.subject?.passwordSetAt == nil)
        let granted = try LoginState(
            storedText: #"{"granted":{"_0":{"at":1030000,"factor":\#(Self.first),"methods":["pwd"],\#(Self.user)}}}"#)
        #expect(granted.user == Sample.user && granted.passwordSetAt == nil)
        #expect(try Login.granted().state.passwordSetAt == Sample.passwordSetAt)
    }

    @Test("What a grant is not good for, and what is finished keeps of it")
    func limited() throws {
        var login = try Login.asked()
        let evidence = Sample.evidence(limitedUntil: Sample.start + .hours(72), pinMustChange: true)
        _ = try login.handle(.responseChecked(.right(evidence)), at: Sample.later)
        try check(
            login.state,
            #"{"granted":{"_0":{"at":1030000,"factor":\#(Self.first),"limitedUntil":260200000,"#
                + #""methods":["pwd","otp","pin","mfa"],"passwordSetAt":500000,"pinMustChange":true,\#(Self.user)}}}"#)
        _ = try login.handle(.finished, at: Sample.later)
        try check(login.state, #"{"finished":{"_0":{"at":1030000,"limitedUntil":260200000,\#(Self.user)}}}"#)
    }

    @Test func grantedByThePasswordAlone() throws {
        var login = Login(at: Sample.start, passwordMaySuffice: true)
        _ = try login.handle(.passwordAccepted(Sample.password, [], offer: nil), at: Sample.later)
        try check(
            login.state, #"{"granted":{"_0":{"at":1030000,"methods":["pwd"],"passwordSetAt":500000,\#(Self.user)}}}"#)
    }

    @Test func finished() throws {
        try check(try StateKind.finished.sample(), #"{"finished":{"_0":{"at":1030000,\#(Self.user)}}}"#)
    }

    @Test("Refusals", arguments: LoginRefusal.allCases)
    func refused(refusal: LoginRefusal) throws {
        let names: [LoginRefusal: String] = [
            .expired: "expired", .challengeExpired: "challengeExpired", .cancelled: "cancelled",
            .noAuthenticator: "noAuthenticator", .authenticatorDisabled: "authenticatorDisabled",
            .disowned: "disowned", .pinChangeRequired: "pinChangeRequired",
        ]
        let name = try #require(names[refusal])
        try check(.refused(refusal), #"{"refused":{"_0":"\#(name)"}}"#)
    }

    @Test(
        "Refused in storage",
        arguments: [
            "{}", "null", #"{"refused":{"_0":"tired"}}"#, #"{"awaitingCard":{}}"#, #"{"choosingFactor":{}}"#,
            #"{"awaitingPassword":{},"refused":{"_0":"expired"}}"#,
        ])
    func refusedInStorage(json: String) {
        #expect(throws: JSONMemberError.self) { try LoginState(storedText: json) }
    }

    @Test("Whose login it is, as far as that is known, and who is to answer")
    func subject() throws {
        let users: [StateKind: UserID?] = [
            .awaitingPassword: nil, .choosingFactor: Sample.user, .awaitingResponse: Sample.user,
            .granted: Sample.user, .finished: Sample.user, .refused: nil,
        ]
        for kind in StateKind.allCases {
            let state = try kind.sample()
            #expect(try state.user == #require(users[kind]), "\(kind)")
            #expect(state.authenticator == (kind == .awaitingResponse ? Sample.first.id : nil), "\(kind)")
        }
    }
}
