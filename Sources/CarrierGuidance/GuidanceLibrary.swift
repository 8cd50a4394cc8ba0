// CarrierGuidance: what may keep a text from arriving in a country, and what its reader can do about it. It does not know
// what became of any one text, and sends nothing; it reads its folder once, at the start.

internal import Foundation

/// The guidance of all countries, in both languages: files of ours inside the program, and an operator's own beside them.
///
/// A file is named by country and language: `hk.en.txt`, `eu.zh-Hant.txt`, `general.en.txt`.
package struct GuidanceLibrary: Sendable {
    private let texts: [GuidanceFileName: GuidanceText]
    /// The general one: for every country that no other file is for.
    private let english: GuidanceText
    private let chinese: GuidanceText

    /// - Parameter folder: an operator's own files. One with the name of ours takes its place; one of another country is added.
    /// - Throws: ``GuidanceError``, which names file, line and reason. A file that cannot be used is never passed over.
    package init(overrides folder: String? = nil) throws(GuidanceError) {
        var texts: [GuidanceFileName: GuidanceText] = [:]
        for (file, bytes) in try EmbeddedGuidance.files() + Self.files(in: folder) {
            texts[try GuidanceFileName(parsing: file)] = try GuidanceText(parsing: bytes, file: file)
        }
        self.texts = texts
        self.english = try Self.general(.english, in: texts)
        self.chinese = try Self.general(.traditionalChinese, in: texts)
    }

    /// The guidance of a country; else of those that it goes with (the European Union, the United Kingdom, …), else the general one.
    ///
    /// - Parameters:
    ///   - region: ISO 3166-1 alpha-2, as `PhoneNumber.region` has it.
    ///   - language: a BCP 47 tag: Traditional Chinese for all kinds of Chinese, else English.
    ///   - sender: what the user sees a text come from: a name or a number.
    ///   - firm: the firm's name in that language.
    package func guidance(for region: String, language: String, sender: String, firm: String) -> Guidance {
        let language = GuidanceLanguage(tag: language)
        for area in GuidanceArea.chain(for: region) {
            guard let text = self.texts[GuidanceFileName(area: area, language: language)] else { continue }
            return Guidance(text, area: area, sender: sender, firm: firm)
        }
        let general = language == .english ? self.english : self.chinese
        return Guidance(general, area: .general, sender: sender, firm: firm)
    }

    /// The files that are in use: `au.en.txt`, …
    package var files: [String] { self.texts.keys.map(\.text).sorted() }

    private static func general(
        _ language: GuidanceLanguage, in texts: [GuidanceFileName: GuidanceText]
    ) throws(GuidanceError) -> GuidanceText {
        let name = GuidanceFileName(area: .general, language: language)
        guard let text = texts[name] else { throw .missing(name.text) }
        return text
    }

    private static func files(in folder: String?) throws(GuidanceError) -> [(String, [UInt8])] {
        guard let folder else { return [] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .unreadable(folder)
        }
        var files: [(String, [UInt8])] = []
        // What begins with a dot is an editor's or a file system's own.
        for name in names.sorted() where !name.hasPrefix(".") {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { throw .unreadable(name) }
            files.append((name, Array(data)))
        }
        return files
    }
}
