import ChildProcesses
import Foundation
import TestSupport

/// SIPp as provider and callee: an implementation of SIP that shares nothing with baresip.
struct SIPp {
    let address: String
    private let process: ChildProcess
    private let folder: TemporaryFolder

    /// - Parameter steps: of the scenario.
    init(_ steps: [String], calls: Int = 1) async throws {
        self.address = freshAddress()
        self.folder = try TemporaryFolder()
        let scenario =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"callee\">\n\(steps.joined())</scenario>\n"
        try scenario.write(toFile: self.folder.file("scenario.xml"), atomically: false, encoding: .utf8)
        self.process = try await ChildProcess.start(
            Program(
                "/usr/bin/sipp",
                [
                    "-sf", self.folder.file("scenario.xml"), "-i", self.address, "-mi", self.address, "-p", "5060",
                    "-m", "\(calls)", "-nostdin", "-timeout", "50s", "-timeout_error",
                ], environment: ["TERM": "dumb", "PATH": "/usr/bin:/bin"]))
    }

    /// 0 when every step went as its scenario says.
    func status() async -> ExitStatus { await self.process.exit() }

    func stop() async { await self.process.end() }
}

/// Steps of scenarios.
extension SIPp {
    static let invite = """
        <recv request="INVITE" rrs="true"><action>
        <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
        <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
        <ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>
        </action></recv>
        <Reference variables="from,to,cseq"/>

        """
    static let ringing = Self.answer("180 Ringing")

    static func receive(_ request: String, _ more: String = "") -> String { "<recv request=\"\(request)\"\(more)/>\n" }

    static func receive(status: Int) -> String { "<recv response=\"\(status)\"/>\n" }

    static func pause(milliseconds: Int) -> String { "<pause milliseconds=\"\(milliseconds)\"/>\n" }

    /// The answer to the request before it.
    static func answer(_ status: String, headers: [String] = [], body: [String] = [], cseq: String = "[last_CSeq:]")
        -> String
    {
        let lines = [
            "SIP/2.0 \(status)", "[last_Via:]", "[last_From:]", "[last_To:];tag=[call_number]c", "[last_Call-ID:]",
            cseq,
            "Contact: <sip:c@[local_ip]:[local_port]>",
        ]
        return self.send(lines + headers + ["Content-Length: [len]", ""] + body)
    }

    /// The call is taken, with a sound that goes nowhere.
    static let answered =
        Self.answer(
            "200 OK", headers: ["Content-Type: application/sdp"],
            body: [
                "v=0", "o=c 1 1 IN IP4 [local_ip]", "s=-", "c=IN IP4 [media_ip]", "t=0 0",
                "m=audio [media_port] RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000",
            ]) + Self.receive("ACK")

    /// A request of the callee's within the call, and its answer.
    static func request(_ method: String, _ number: Int, headers: [String] = [], body: [String] = []) -> String {
        let lines = [
            "\(method) [next_url] SIP/2.0", "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]",
            "From:[$to];tag=[call_number]c", "To:[$from]", "[last_Call-ID:]", "CSeq: \(number) \(method)",
            "Max-Forwards: 70",
        ]
        return self.send(lines + headers + ["Content-Length: [len]", ""] + body) + self.receive(status: 200)
    }

    /// A key, told as many exchanges do (RFC 6086).
    static func key(_ key: Character, _ number: Int) -> String {
        self.request(
            "INFO", number, headers: ["Content-Type: application/dtmf-relay"], body: ["Signal=\(key)", "Duration=160"])
    }

    private static func send(_ lines: [String]) -> String {
        "<send><![CDATA[\n" + lines.map { $0 + "\n" }.joined() + "]]></send>\n"
    }
}
