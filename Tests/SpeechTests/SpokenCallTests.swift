import Testing
import Time

@testable import Speech

@Suite("What a call says, in order")
struct SpokenCallTests {
    /// A sound that can be told from all others.
    private static func mark(_ value: Int16) -> Sound { Sound(samples: [Int16](repeating: value, count: 80)) }

    private static func call() throws -> SpokenCall {
        let book = try PhraseBook(parsing: SpokenLanguage.english.shipped)
        let phrases = Dictionary(
            uniqueKeysWithValues: PhraseBook.Phrase.allCases.enumerated().map { ($1, Self.mark(Int16(100 + $0))) })
        return SpokenCall(phrases: phrases, digits: [4, 0, 7, 7].map { Self.mark(Int16($0 + 1)) }, pauses: book.pauses)
    }

    /// The sounds in order, pauses as 0.
    private static func order(_ sound: Sound) -> [Int16] {
        sound.samples.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    @Test("The request is said three times, with time for a key after each, and has nothing of the code")
    func request() throws {
        let call = try Self.call()
        #expect(Self.order(call.request) == [0, 100, 0, 100, 0, 100, 0])
        #expect(call.request.duration == .milliseconds(800 + 3 * (10 + 4000)))
    }

    @Test("The code is said digit by digit, twice, then how to hear it again, and goodbye")
    func code() throws {
        let call = try Self.call()
        let digits: [Int16] = [5, 0, 1, 0, 8, 0, 8]
        #expect(Self.order(call.code) == [101, 0] + digits + [0, 102, 0] + digits + [0, 103, 0, 104, 0])
        // Introduction, pause, four digits with two pauses and a longer one; then what the network may lag.
        let parts: [Int64] = [10, 450, 4 * 10, 2 * 450, 900, 300]
        #expect(call.heardAfter == .milliseconds(parts.reduce(0, +)))
        #expect(Self.order(call.reported) == [105, 0])
    }

    @Test("A sound as a WAV file")
    func wav() {
        let wav = Sound(samples: [1, -2]).wav
        #expect(wav.count == 48)
        #expect(Array(wav[0..<4]) == Array("RIFF".utf8) && Array(wav[36..<40]) == Array("data".utf8))
        #expect(Array(wav[4..<8]) == [40, 0, 0, 0] && Array(wav[40..<44]) == [4, 0, 0, 0])
        #expect(Array(wav[24..<28]) == [0x40, 0x1F, 0, 0], "8,000 a second")
        #expect(Array(wav[44...]) == [1, 0, 0xFE, 0xFF])
        #expect(Sound(raw: [1, 0, 0xFE, 0xFF, 9]) == Sound(samples: [1, -2]))
    }
}
