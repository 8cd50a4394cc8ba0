import Channels
import ChildProcesses
import Foundation
import TestSupport
import Testing
import Time

@testable import Speech

@Suite("Speech, by espeak-ng and sox")
struct SpeechTests {
    private static let code = SpokenCode(firm: "Example Securities", code: "407")

    /// A program that notes its arguments and its input, and then does what the real one does.
    private static func noted(_ program: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.file("noted")
        let script = """
            #!/bin/sh
            printf '%s ' "$@" >> \(folder.file("arguments"))
            input=$(cat)
            printf '%s\\n' "$input" >> \(folder.file("inputs"))
            printf '%s' "$input" | \(program) "$@"
            """
        try script.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        return path
    }

    private static func noteLines(_ folder: TemporaryFolder, _ name: String) throws -> [String] {
        try String(contentsOfFile: folder.file(name), encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test("Every language speaks, and says different codes differently", arguments: SpokenLanguage.allCases)
    func speaks(language: SpokenLanguage) async throws {
        let speech = try Speech()
        let call = try await speech.call(Self.code, in: language)
        #expect(call.request.duration > .seconds(20) && call.request.duration < .seconds(70))
        #expect(call.code.duration > .seconds(10) && call.code.duration < .seconds(40))
        #expect(call.heardAfter > .seconds(3) && call.heardAfter < call.code.duration)
        #expect(call.code.samples.contains { abs(Int($0)) > 20_000 }, "as loud as a recording")
        let again = try await Speech().call(Self.code, in: language)
        #expect(again.code == call.code && again.request == call.request, "the same words, the same samples")
        let other = try await speech.call(SpokenCode(firm: Self.code.firm, code: "408"), in: language)
        #expect(other.code != call.code && other.request == call.request)
    }

    @Test("Phrases and digits are made once; no program is told a code, nor anything by its arguments")
    func cached() async throws {
        let folder = try TemporaryFolder()
        var programs = SpeechPrograms()
        programs.espeak = try Self.noted(programs.espeak, in: folder)
        let speech = try Speech(programs: programs)
        for code in ["407407", "999999"] {
            _ = try await speech.call(SpokenCode(firm: "ACME", code: code), in: .english)
        }
        let inputs = try Self.noteLines(folder, "inputs")
        #expect(inputs.count == 16)
        #expect(Array(inputs[0..<3]) == ["zero", "one", "two"], "all ten, in the same order for every code")
        let arguments = try Self.noteLines(folder, "arguments").joined()
        #expect(arguments.contains("--stdin") && !arguments.contains("ACME") && !arguments.contains("zero"))
    }

    @Test("The operator's recordings and phrases take the place of what is shipped")
    func replaced() async throws {
        let folder = try TemporaryFolder()
        let english = folder.file("en")
        try FileManager.default.createDirectory(atPath: english, withIntermediateDirectories: false)
        let tone = ["-r", "44100", "-c", "2", "\(english)/4.wav", "synth", "0.5", "sine", "440"]
        _ = try await Program("/usr/bin/sox", ["-n"] + tone).outputToEnd(atMost: 1000, within: .seconds(20))
        let phrases = String(decoding: SpokenLanguage.english.shipped, as: UTF8.self)
        try phrases.replacingOccurrences(of: "Once more:", with: "And again, so that you can write it down:")
            .write(toFile: "\(english)/phrases.json", atomically: false, encoding: .utf8)
        let shipped = try await Speech().call(SpokenCode(firm: "ACME", code: "4"), in: .english)
        let replaced = try await Speech(folder: folder.path).call(SpokenCode(firm: "ACME", code: "4"), in: .english)
        #expect(replaced.request == shipped.request)
        #expect(replaced.code.duration > shipped.code.duration)
        let digit = replaced.code.samples[..<(Int(replaced.heardAfter.milliseconds - 300) * 8)].suffix(4000)
        let crossings = zip(digit, digit.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        #expect((430...450).contains(crossings), "half a second of 440 Hz has 440 of them")
    }

    @Test("What cannot be said", arguments: ["", "12a4", "１２", "12 34", "12345678901234567"])
    func notDigits(code: String) async throws {
        let speech = try Speech()
        await #expect(throws: SpeechError.notDigits) {
            try await speech.call(SpokenCode(firm: "ACME", code: code), in: .english)
        }
    }

    @Test("A missing program, a broken recording and a broken phrase file are named")
    func faults() async throws {
        var programs = SpeechPrograms()
        programs.espeak = "/nowhere/espeak-ng"
        let dumb = try Speech(programs: programs)
        await #expect(throws: SpeechError.synthesis(.notFound("/nowhere/espeak-ng"))) {
            try await dumb.call(Self.code, in: .english)
        }
        let folder = try TemporaryFolder()
        let english = folder.file("en")
        try FileManager.default.createDirectory(atPath: english, withIntermediateDirectories: false)
        try "no sound".write(toFile: "\(english)/0.wav", atomically: false, encoding: .utf8)
        let broken = try Speech(folder: folder.path)
        await #expect(throws: SpeechError.recording("\(english)/0.wav")) {
            try await broken.call(Self.code, in: .english)
        }
        try "{}".write(toFile: "\(english)/phrases.json", atomically: false, encoding: .utf8)
        #expect(throws: SpeechError.phrases("\(english)/phrases.json", .malformed("voice is missing"))) {
            try Speech(folder: folder.path)
        }
    }
}
