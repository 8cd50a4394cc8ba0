internal import ChildProcesses
internal import Foundation

/// Speaks by espeak-ng, and brings every kind of sound into the telephone's form by sox. Both read and write memory.
struct Synthesizer: Sendable {
    let programs: SpeechPrograms

    private static let longest = 60 * Sound.rate * 2
    private static let time = Duration.seconds(20)
    /// Silence at both ends goes: the pauses are ours. All is as loud as a recording should be.
    private static let trimmed = ["silence", "1", "0.01", "0.2%", "reverse"]

    /// - Parameter text: on its input, not among its arguments, which every user of the machine can read.
    func speak(_ text: String, voice: String, wordsPerMinute: Int64) async throws -> Sound {
        let input = try MemoryFile(Array(text.utf8))
        let arguments = ["-v", voice, "-s", "\(wordsPerMinute)", "-b", "1", "--stdin", "--stdout"]
        let spoken = Program(self.programs.espeak, arguments, environment: Self.environment, input: input)
        let wav = try await spoken.outputToEnd(atMost: 16 * Self.longest, within: Self.time)
        return try await self.convert(["-t", "wav", "-"], input: try MemoryFile(wav), Self.trimmed + Self.trimmed)
    }

    func read(recording path: String) async throws -> Sound { try await self.convert([path]) }

    private func convert(_ source: [String], input: MemoryFile? = nil, _ effects: [String] = []) async throws -> Sound {
        // -D: without random noise, so that the same words are the same samples. -V1: no warning of a length in a header.
        let format = ["-t", "raw", "-r", "\(Sound.rate)", "-c", "1", "-b", "16", "-e", "signed-integer", "-"]
        let arguments = ["-D", "-V1"] + source + format + effects + ["norm", "-3"]
        let program = Program(self.programs.sox, arguments, environment: Self.environment, input: input)
        let sound = Sound(raw: try await program.outputToEnd(atMost: Self.longest, within: Self.time))
        guard !sound.samples.isEmpty else { throw SpeechError.silent }
        return sound
    }

    private static let environment = ["LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
}

/// Where the two programs are.
package struct SpeechPrograms: Hashable, Sendable {
    package var espeak = "/usr/bin/espeak-ng"
    package var sox = "/usr/bin/sox"

    package init() {}
}
