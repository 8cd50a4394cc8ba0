package import Channels
internal import ChildProcesses
internal import Foundation

/// Says codes: by the operator's recordings, where he has made some, else by a synthetic voice.
///
/// Phrases and digits are kept as sound once they were made. Codes are put together from them for each call, and not kept.
package actor Speech {
    private let books: [SpokenLanguage: PhraseBook]
    private let folder: String?
    private let synthesizer: Synthesizer
    private var made: [Key: Sound] = [:]

    /// What one sound is made from. The firm's name is part of the text.
    private struct Key: Hashable {
        let language: SpokenLanguage
        let name: String
        let text: String
    }

    /// More than all languages and a few names of firms need.
    private static let most = 256

    /// - Parameter folder: the operator's, with a folder `en`, `zh-Hant`, `yue-Hant` for each language that he changes:
    ///   `phrases.json` in it replaces what is said, `request.wav` a phrase, `0.wav` a digit.
    package init(folder: String? = nil, programs: SpeechPrograms = SpeechPrograms()) throws(SpeechError) {
        self.folder = folder
        self.synthesizer = Synthesizer(programs: programs)
        var books: [SpokenLanguage: PhraseBook] = [:]
        for language in SpokenLanguage.allCases {
            books[language] = try Self.book(language, folder: folder)
        }
        self.books = books
    }

    /// Everything that a call may have to say.
    package func call(_ spoken: SpokenCode, in language: SpokenLanguage) async throws -> SpokenCall {
        guard let book = self.books[language] else { throw SpeechError.silent }
        guard let digits = Self.digits(spoken.code) else { throw SpeechError.notDigits }
        // All ten, whichever the code has: what runs on the machine then tells nothing of it.
        var sounds: [Sound] = []
        for digit in 0...9 { sounds.append(try await self.sound("\(digit)", book.digits[digit], language)) }
        var phrases: [PhraseBook.Phrase: Sound] = [:]
        for phrase in PhraseBook.Phrase.allCases {
            let text = book.text(phrase, firm: Self.speakable(spoken.firm))
            phrases[phrase] = try await self.sound(phrase.rawValue, text, language)
        }
        return SpokenCall(phrases: phrases, digits: digits.map { sounds[$0] }, pauses: book.pauses)
    }

    /// Makes the phrases and digits of every language, so that the first call need not wait, and a program that is missing
    /// is noticed before it.
    package func prepare(firm: String) async throws {
        for language in SpokenLanguage.allCases {
            _ = try await self.call(SpokenCode(firm: firm, code: "0"), in: language)
        }
    }

    /// Each digit as a number; nil for anything but 1 to 16 of `0` to `9`.
    private static func digits(_ code: String) -> [Int]? {
        guard (1...16).contains(code.utf8.count) else { return nil }
        let digits = code.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        return digits.allSatisfy((0...9).contains) ? digits : nil
    }

    /// A name without what a voice cannot say, and not so long that nobody waits for its end.
    private static func speakable(_ firm: String) -> String {
        String(
            firm.unicodeScalars.filter { !CharacterSet.controlCharacters.contains($0) }.map(Character.init).prefix(80))
    }

    private func sound(_ name: String, _ text: String, _ language: SpokenLanguage) async throws -> Sound {
        let key = Key(language: language, name: name, text: text)
        if let sound = self.made[key] { return sound }
        let sound = try await self.make(name, text, language)
        if self.made.count >= Self.most { self.made = [:] }
        self.made[key] = sound
        return sound
    }

    private func make(_ name: String, _ text: String, _ language: SpokenLanguage) async throws -> Sound {
        if let recording = self.recording(name, language) {
            do { return try await self.synthesizer.read(recording: recording) } catch is ChildProcessError {
                throw SpeechError.recording(recording)
            }
        }
        guard let book = self.books[language] else { throw SpeechError.silent }
        do {
            return try await self.synthesizer.speak(text, voice: book.voice, wordsPerMinute: book.wordsPerMinute)
        } catch let error as ChildProcessError {
            throw SpeechError.synthesis(error)
        }
    }

    private func recording(_ name: String, _ language: SpokenLanguage) -> String? {
        guard let folder = self.folder else { return nil }
        let path = "\(folder)/\(language.rawValue)/\(name).wav"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    private static func book(_ language: SpokenLanguage, folder: String?) throws(SpeechError) -> PhraseBook {
        let path = folder.map { "\($0)/\(language.rawValue)/phrases.json" }
        if let path, FileManager.default.fileExists(atPath: path) {
            guard let bytes = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
            do throws(PhraseError) { return try PhraseBook(parsing: Array(bytes)) } catch {
                throw .phrases(path, error)
            }
        }
        do throws(PhraseError) { return try PhraseBook(parsing: language.shipped) } catch {
            throw .phrases("\(language.rawValue), as shipped", error)
        }
    }
}

extension SpokenLanguage {
    /// The phrase file that is part of the program.
    package var shipped: [UInt8] {
        switch self {
        case .english: PackageResources.phrases_en_json
        case .mandarin: PackageResources.phrases_zh_Hant_json
        case .cantonese: PackageResources.phrases_yue_Hant_json
        }
    }
}
