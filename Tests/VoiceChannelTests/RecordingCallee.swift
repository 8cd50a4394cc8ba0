import ChildProcesses
import Foundation
import Speech
import TestSupport
import Time

@testable import VoiceChannel

/// A telephone that takes every call, writes down what it hears, and presses keys.
struct RecordingCallee {
    let address: String
    private let line: Line
    private let folder: TemporaryFolder

    init() async throws {
        self.address = freshAddress()
        self.folder = try TemporaryFolder()
        let configuration = Line.Configuration(
            program: "/usr/bin/baresip", modulesFolder: "/usr/lib/baresip/modules",
            modules: ["g711", "aufile", "sndfile"],
            lines: [
                "net_interface 127.0.0.1", "sip_listen \(self.address):5060", "snd_path \(self.folder.path)",
                "audio_source aufile,\(Program.childPath(ofFile: 0))", "statmode_default off",
            ],
            files: [try MemoryFile(Sound.silence(.seconds(90)).wav)])
        self.line = try await Line.open(configuration)
        self.line.send("uanew", "<sip:\(Caller.recipient)@127.0.0.1>;regint=0;answermode=auto")
    }

    /// Waits for something of the call.
    func wait(for event: String) async {
        for await message in self.line.messages where message.kind == .event(event) { return }
    }

    func press(_ key: Character) { self.line.send("sndcode", "\(key)") }

    /// What came in, after the call has ended.
    func recording() async throws -> Sound {
        await self.line.close()
        let files = try FileManager.default.contentsOfDirectory(atPath: self.folder.path)
        guard let file = files.first(where: { $0.hasSuffix("-dec.wav") }) else { return Sound() }
        let raw = ["-t", "raw", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", "-"]
        let program = Program("/usr/bin/sox", ["-D", self.folder.file(file)] + raw)
        return Sound(raw: try await program.outputToEnd(atMost: 10_000_000, within: .seconds(20)))
    }
}

/// Where one sound is in another, and how much it is the same.
struct Likeness {
    /// Samples from the beginning.
    let place: Int
    /// 1 for the same, about 0 for what has nothing to do with it.
    let correlation: Double

    /// Looks for the loudest tenth of a second everywhere, then compares all of it where that fits best.
    init(of meant: Sound, in heard: Sound) {
        // The last few frames before the end of a call may not be decoded any more: what is meant ends in silence.
        let padded = heard + .silence(.seconds(1))
        let (needle, hay) = (meant.samples.map(Float.init), padded.samples.map(Float.init))
        guard needle.count >= 800, hay.count >= needle.count else {
            (self.place, self.correlation) = (0, 0)
            return
        }
        let loudest = stride(from: 0, through: needle.count - 800, by: 400).max { left, right in
            Self.power(needle, left) < Self.power(needle, right)
        }
        let start = loudest ?? 0
        let probe = Array(needle[start..<start + 800])
        let places = 0...(hay.count - needle.count)
        let best = places.max { left, right in
            Self.correlation(probe, hay, at: left + start) < Self.correlation(probe, hay, at: right + start)
        }
        self.place = best ?? 0
        self.correlation = Double(Self.correlation(needle, hay, at: self.place))
    }

    private static func power(_ samples: [Float], _ start: Int) -> Float {
        samples[start..<start + 800].reduce(0) { $0 + $1 * $1 }
    }

    private static func correlation(_ needle: [Float], _ hay: [Float], at place: Int) -> Float {
        needle.withUnsafeBufferPointer { needle in
            hay.withUnsafeBufferPointer { hay in
                var (product, first, second): (Float, Float, Float) = (0, 0, 0)
                var index = 0
                while index < needle.count {
                    let (left, right) = (needle[index], hay[place + index])
                    product += left * right
                    first += left * left
                    second += right * right
                    index += 1
                }
                return first > 0 && second > 0 ? product / (first * second).squareRoot() : 0
            }
        }
    }
}
