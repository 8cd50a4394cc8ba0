/// Why a file cannot be used, for the operator who wrote it.
package enum GuidanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder, or a file in it.
    case unreadable(String)
    /// The name is not a country and a language: `hk.en.txt`.
    case misnamed(String)
    case missing(String)
    case malformed(file: String, line: Int, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let name): "\(name) cannot be read"
        case .misnamed(let name):
            "\(name): a guidance file is named by country and language, in small letters: hk.en.txt, eu.zh-Hant.txt, general.en.txt"
        case .missing(let name): "\(name) is missing"
        case .malformed(let file, let line, let reason): "\(file), line \(line): \(reason)"
        }
    }
}
