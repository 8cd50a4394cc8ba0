import Channels
import Speech
import Testing
import Time

@testable import VoiceChannel

@Suite("What arrives at the callee's ear", .timeLimit(.minutes(1)))
struct RecordedCallTests {
    @Test("Key 1 during the request stops it at once, and the code is read as it was meant: heard")
    func heard() async throws {
        let (callee, meant) = (try await RecordingCallee(), try await ShortSpeech.call())
        let caller = try await Caller(to: callee.address)
        try #require(await caller.call() == Caller.accepted)
        _ = await caller.reports.until(.answered)
        await callee.wait(for: "CALL_ESTABLISHED")
        callee.press("1")
        #expect(await caller.reports.until(.heard).map(\.progress) == [.heard])
        await callee.wait(for: "CALL_CLOSED")
        let recording = try await callee.recording()
        let code = Likeness(of: meant.code, in: recording)
        #expect(code.correlation > 0.99)
        #expect(code.place < meant.request.samples.count / 2, "the request was stopped, not said three times")
        let other = try await ShortSpeech.speech().call(SpokenCode(firm: "ACME", code: "586"), in: .english)
        #expect(Likeness(of: other.code, in: recording).correlation < 0.8, "another code is not what was heard")
        #expect(await caller.stop() == [])
    }

    @Test("No key: three requests, and nothing of the code")
    func noKey() async throws {
        let (callee, meant) = (try await RecordingCallee(), try await ShortSpeech.call())
        let caller = try await Caller(to: callee.address)
        try #require(await caller.call() == Caller.accepted)
        #expect(await caller.reports.until(.noKeyPressed).last?.progress == .noKeyPressed)
        await callee.wait(for: "CALL_CLOSED")
        let recording = try await callee.recording()
        #expect(Likeness(of: meant.request, in: recording).correlation > 0.99)
        for digit in 0...9 {
            let sound = try await Self.digit(digit)
            #expect(Likeness(of: sound, in: recording).correlation < 0.8, "digit \(digit)")
        }
        #expect(await caller.stop() == [])
    }

    @Test("Key 9: the thanks are said, and nothing of the code")
    func notRequested() async throws {
        let (callee, meant) = (try await RecordingCallee(), try await ShortSpeech.call())
        let caller = try await Caller(to: callee.address)
        try #require(await caller.call() == Caller.accepted)
        _ = await caller.reports.until(.answered)
        await callee.wait(for: "CALL_ESTABLISHED")
        callee.press("9")
        #expect(await caller.reports.until(.notRequested).map(\.progress) == [.notRequested])
        await callee.wait(for: "CALL_CLOSED")
        let recording = try await callee.recording()
        #expect(Likeness(of: meant.reported, in: recording).correlation > 0.99)
        #expect(Likeness(of: meant.code, in: recording).correlation < 0.5)
        #expect(await caller.stop() == [])
    }

    /// One digit as it is read: what a code of it has more than its introduction.
    private static func digit(_ digit: Int) async throws -> Sound {
        let call = try await ShortSpeech.speech().call(SpokenCode(firm: "ACME", code: "\(digit)"), in: .english)
        let end = Int(call.heardAfter.milliseconds - 300) * 8
        return Sound(samples: Array(call.code.samples[(end - 2000)..<end]))
    }
}
