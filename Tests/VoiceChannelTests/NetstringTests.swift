import NIOCore
import Testing

@testable import VoiceChannel

@Suite("Netstrings, and what baresip says in them")
struct NetstringTests {
    @Test("What has come is taken, what is still to come is waited for")
    func taken() throws {
        var buffer = ByteBuffer(string: "5:hello,0:,12:hello")
        #expect(try NetstringDecoder.next(from: &buffer) == ByteBuffer(string: "hello"))
        #expect(try NetstringDecoder.next(from: &buffer) == ByteBuffer(string: ""))
        #expect(try NetstringDecoder.next(from: &buffer) == nil)
        buffer.writeString(" world!,3")
        #expect(try NetstringDecoder.next(from: &buffer) == ByteBuffer(string: "hello world!"))
        #expect(try NetstringDecoder.next(from: &buffer) == nil)
        #expect(NetstringDecoder.wrapped(Array("hello".utf8)) == ByteBuffer(string: "5:hello,"))
    }

    @Test("Refused netstrings", arguments: ["hello", ":a,", "1:ab,", "1 :a,", "+1:a,", "-1:", "99999:", "123456"])
    func refused(text: String) {
        var buffer = ByteBuffer(string: text)
        #expect(throws: NetstringError.self) { try NetstringDecoder.next(from: &buffer) }
    }

    private static func event(_ type: String, _ parameter: String, direction: String = "outgoing") -> String {
        #"{"event":true,"type":"\#(type)","direction":"\#(direction)","param":"\#(parameter)"}"#
    }

    @Test(
        "What matters to a call",
        arguments: [
            (event("CALL_RINGING", "sip:x"), .ringing), (event("CALL_PROGRESS", "sip:x"), .ringing),
            (event("CALL_ESTABLISHED", "sip:x"), .answered), (event("CALL_DTMF_START", "1"), .key("1")),
            (event("CALL_DTMF_START", "11"), nil), (event("CALL_DTMF_END", ""), nil),
            (event("CALL_CLOSED", "486 Busy Here"), .ended(.answer(status: 486))),
            // Somebody who calls in is none of ours.
            (event("CALL_ESTABLISHED", "sip:x", direction: "incoming"), nil),
            (event("CALL_DTMF_START", "1", direction: "incoming"), nil),
            (event("CALL_CLOSED", "", direction: "incoming"), nil),
            (#"{"event":true,"type":"REGISTER_OK","param":"200 OK"}"#, .registered),
            (
                #"{"event":true,"type":"REGISTER_FAIL","param":"403 Forbidden"}"#,
                .registrationFailed(.answer(status: 403))
            ),
            (#"{"response":true,"ok":true,"data":"auth_pass=x","token":"uanew"}"#, nil),
            (#"{"response":true,"ok":false,"data":"auth_pass=x","token":"uanew"}"#, .commandFailed("uanew")),
        ] as [(String, CallEvent?)])
    func events(json: String, event: CallEvent?) throws {
        let message = try #require(LineMessage(parsing: Array(json.utf8)))
        #expect(CallEvent(message) == event)
        #expect(!"\(message)".contains("auth_pass"))
    }

    @Test("What is no message", arguments: ["", "{}", "[]", "no", #"{"token":"x"}"#, #"{"type":1}"#])
    func noMessage(json: String) { #expect(LineMessage(parsing: Array(json.utf8)) == nil) }
}
