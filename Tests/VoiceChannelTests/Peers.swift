import Channels
import ChildProcesses
import Foundation
import Identifiers
import Logging
import Speech
import TestSupport
import Time

@testable import VoiceChannel

/// An address that no other test has, all of them of this machine alone.
func freshAddress() -> String { ControlAddress.random().host }

/// Short phrases, so that a call takes seconds.
enum ShortSpeech {
    static let code = SpokenCode(firm: "ACME", code: "407")

    private static let folder = Result { try Self.makeFolder() }
    private static let made = Result { try Speech(folder: try Self.folder.get().path) }

    static func speech() throws -> Speech { try self.made.get() }

    static func call() async throws -> SpokenCall { try await self.speech().call(self.code, in: .english) }

    private static func makeFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("en"), withIntermediateDirectories: false)
        let phrases = """
            {
              "voice": "en-us", "words_per_minute": 250,
              "phrases": {
                "request": "Press one.", "code": "Code:", "again": "Again.", "repeat": "Repeat.", "goodbye": "Bye.",
                "reported": "Reported."
              },
              "digits": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
              "pauses_in_milliseconds": {
                "before_request": 100, "for_key": 500, "between_digits": 50, "between_groups": 50, "between_readings": 100
              }
            }
            """
        try phrases.write(toFile: "\(folder.file("en"))/phrases.json", atomically: false, encoding: .utf8)
        return folder
    }
}

/// What a channel reported, in order.
final class Reports: Sendable {
    private let stream: AsyncStream<DeliveryReport>
    private let continuation: AsyncStream<DeliveryReport>.Continuation

    init() { (self.stream, self.continuation) = AsyncStream.makeStream() }

    func add(_ report: DeliveryReport) { self.continuation.yield(report) }

    /// All up to one with this progress.
    func until(_ progress: DeliveryProgress) async -> [DeliveryReport] {
        var reports: [DeliveryReport] = []
        for await report in self.stream {
            reports.append(report)
            if report.progress == progress { break }
        }
        return reports
    }

    /// What is there, once the channel has ended.
    func rest() async -> [DeliveryReport] {
        self.continuation.finish()
        var reports: [DeliveryReport] = []
        for await report in self.stream { reports.append(report) }
        return reports
    }
}

/// A channel that runs, on this machine alone.
struct Caller {
    let channel: VoiceChannel
    let reports = Reports()
    private let running: Task<Void, any Error>

    /// - Parameter callee: its address; that of a provider which is also the callee.
    init(to callee: String, _ change: (inout VoiceSettings) -> Void = { _ in }) async throws {
        var settings = VoiceSettings(user: "+85221234567", domain: callee)
        settings.networkInterface = "127.0.0.1"
        change(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let channel = try VoiceChannel(settings: settings, speech: try ShortSpeech.speech(), logger: logger)
        let reports = self.reports
        self.channel = channel
        self.running = Task { try await channel.run { reports.add($0) } }
        while !channel.isRunning { await Task.yield() }
    }

    func call(
        _ recipient: String = Self.recipient, _ content: MessageContent = .call(ShortSpeech.code)
    ) async -> HandOver {
        await self.channel.handOver(Self.message(recipient, content), at: Instant(milliseconds: 1000))
    }

    static let recipient = "+886912345678"
    static let id = DeliveryID(at: Instant(milliseconds: 5), random: [UInt8](repeating: 7, count: 10))
    static let reference = Self.id.text
    static let accepted = HandOver.accepted(reference: Self.reference)

    static func message(
        _ recipient: String, _ content: MessageContent, expires: Instant = Instant(milliseconds: 600_000)
    ) -> OutgoingMessage {
        OutgoingMessage(id: self.id, recipient: recipient, language: "en", content: content, expires: expires)
    }

    /// Stops the channel; returns what was reported and not yet looked at.
    func stop() async -> [DeliveryReport] {
        self.running.cancel()
        _ = await self.running.result
        return await self.reports.rest()
    }
}

/// The processes of this one whose command holds a word.
func childProcesses(with word: String) -> [String] {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return folders.filter { Int($0) != nil }.filter { pid in
        let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        return String(decoding: command, as: UTF8.self).contains(word)
    }
}
