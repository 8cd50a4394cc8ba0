import Channels
import ChildProcesses
import Testing
import Time

@testable import VoiceChannel

@Suite("Calls to an independent provider and callee (SIPp)", .timeLimit(.minutes(1)))
struct ProviderTests {
    private static func progress(_ reports: [DeliveryReport]) -> [DeliveryProgress] { reports.map(\.progress) }

    @Test(
        "Turned down",
        arguments: [
            ("486 Busy Here", .busy, "SIP 486"), ("603 Decline", .declined, "SIP 603"),
            ("480 Temporarily Unavailable", .noAnswer, "SIP 480"),
        ] as [(String, DeliveryProgress, String)])
    func turnedDown(status: String, progress: DeliveryProgress, detail: String) async throws {
        let callee = try await SIPp([SIPp.invite, SIPp.answer(status), SIPp.receive("ACK")])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == Caller.accepted)
        let reports = await caller.reports.until(progress)
        #expect(reports.map(\.progress) == [progress])
        #expect(reports.last?.detail == detail && reports.last?.reference == Caller.reference)
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop() == [])
    }

    @Test("Nobody answers: it is hung up, and the telephone stops ringing")
    func noAnswer() async throws {
        let cancelled = SIPp.answer("487 Request Terminated", cseq: "CSeq:[$cseq]")
        let callee = try await SIPp([
            SIPp.invite, SIPp.ringing, SIPp.receive("CANCEL"), SIPp.answer("200 OK"), cancelled, SIPp.receive("ACK"),
        ])
        let caller = try await Caller(to: callee.address) { $0.ringTimeout = .milliseconds(500) }
        #expect(await caller.call() == Caller.accepted)
        #expect(Self.progress(await caller.reports.until(.noAnswer)) == [.ringing, .noAnswer])
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop() == [])
    }

    @Test("Answered, and hung up at once")
    func hungUp() async throws {
        let callee = try await SIPp([SIPp.invite, SIPp.ringing, SIPp.answered, SIPp.request("BYE", 1)])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == Caller.accepted)
        #expect(Self.progress(await caller.reports.until(.hungUp)) == [.ringing, .answered, .hungUp])
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop() == [])
    }

    @Test("Key 9 by SIP INFO; we hang up after the thanks")
    func notRequested() async throws {
        let callee = try await SIPp([
            SIPp.invite, SIPp.ringing, SIPp.answered, SIPp.key("9", 1), SIPp.receive("BYE"), SIPp.answer("200 OK"),
        ])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == Caller.accepted)
        #expect(Self.progress(await caller.reports.until(.notRequested)) == [.ringing, .answered, .notRequested])
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop() == [])
    }

    @Test("Key 1 by SIP INFO, then hung up before the first reading was over: not heard")
    func notHeard() async throws {
        let callee = try await SIPp([
            SIPp.invite, SIPp.ringing, SIPp.answered, SIPp.key("1", 1), SIPp.pause(milliseconds: 300),
            SIPp.request("BYE", 2),
        ])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == Caller.accepted)
        let reports = await caller.reports.until(.hungUp)
        #expect(Self.progress(reports) == [.ringing, .answered, .hungUp])
        #expect(reports.last?.detail == "during the first reading")
        #expect(await callee.status() == .exited(0))
        _ = await caller.stop()
    }

    @Test(
        "What the provider itself refuses",
        arguments: [
            ("404 Not Found", .refused(DeliveryFault(.invalidRecipient, "SIP 404"))),
            ("403 Forbidden", .refused(DeliveryFault(.account, "SIP 403"))),
            ("503 Service Unavailable", .postponed(DeliveryFault(.providerFault, "SIP 503"), retryAfter: nil)),
        ] as [(String, HandOver)])
    func refused(status: String, answer: HandOver) async throws {
        let callee = try await SIPp([SIPp.invite, SIPp.answer(status), SIPp.receive("ACK")])
        let caller = try await Caller(to: callee.address)
        #expect(await caller.call() == answer)
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop() == [], "nothing is reported of a call that was not taken")
    }

    private static let question =
        #"WWW-Authenticate: Digest realm="provider", nonce="abc", algorithm=MD5, qop="auth""#

    private static func answersQuestion(password: String) -> [String] {
        [
            SIPp.invite, SIPp.answer("401 Unauthorized", headers: [Self.question]),
            SIPp.receive("ACK"),
            """
            <recv request="INVITE"><action>
            <verifyauth assign_to="right" username="trunk" password="\(password)"/>
            </action></recv>
            <nop next="right" test="right"/>

            """,
            SIPp.answer("403 Forbidden"), SIPp.receive("ACK", " next=\"end\""),
            "<label id=\"right\"/>\n", SIPp.answer("486 Busy Here"), SIPp.receive("ACK"), "<label id=\"end\"/>\n",
        ]
    }

    @Test("The provider's password question is answered", arguments: [("p@ss:w/rd=!%&", true), ("another", false)])
    func password(known: String, right: Bool) async throws {
        let callee = try await SIPp(Self.answersQuestion(password: "p@ss:w/rd=!%&amp;"))
        let caller = try await Caller(to: callee.address) { ($0.authenticationUser, $0.password) = ("trunk", known) }
        let refused = HandOver.refused(DeliveryFault(.account, "SIP 403"))
        #expect(await caller.call() == (right ? Caller.accepted : refused))
        #expect(await callee.status() == .exited(0))
        #expect(await caller.stop().map(\.progress) == (right ? [.busy] : []))
    }

    @Test("A line that must register does so before it calls")
    func registers() async throws {
        // Registration and call are two dialogues of one provider: whichever begins takes its own way.
        let provider = try await SIPp(
            [
                SIPp.receive("REGISTER", " optional=\"true\" next=\"registration\""),
                SIPp.invite, SIPp.answer("486 Busy Here"), SIPp.receive("ACK", " next=\"end\""),
                "<label id=\"registration\"/>\n", SIPp.answer("200 OK", headers: ["Expires: 600"]),
                "<label id=\"end\"/>\n",
            ], calls: 2)
        let caller = try await Caller(to: provider.address) { $0.registers = true }
        #expect(await caller.call() == Caller.accepted)
        #expect(await provider.status() == .exited(0))
        #expect(await caller.stop().map(\.progress) == [.busy])
    }

    @Test("Where the registration is refused nobody is called")
    func registrationRefused() async throws {
        let provider = try await SIPp([SIPp.receive("REGISTER"), SIPp.answer("403 Forbidden")])
        let caller = try await Caller(to: provider.address) { $0.registers = true }
        #expect(await caller.call() == .refused(DeliveryFault(.account, "SIP 403")))
        #expect(await provider.status() == .exited(0))
        #expect(await caller.stop() == [])
    }

    @Test("Nobody there: an address that refuses, and one that says nothing")
    func nobody() async throws {
        let refusing = try await Caller(to: freshAddress()) { $0.transport = .tcp }
        let fault = DeliveryFault(.unreachable, "Connection refused")
        #expect(await refusing.call() == .postponed(fault, retryAfter: nil))
        #expect(await refusing.stop() == [])
        let silent = try await Caller(to: freshAddress()) { $0.takenWithin = .milliseconds(300) }
        #expect(await silent.call() == .unanswered(DeliveryFault(.timedOut, "no ringing")))
        #expect(await silent.stop() == [])
    }
}
