package import ChildProcesses

/// Why there is nothing to hear. No case carries what was to be said.
package enum SpeechError: Error, Hashable, Sendable {
    case unreadable(String)
    /// The file, and what is wrong with it.
    case phrases(String, PhraseError)
    /// A recording that sox does not read.
    case recording(String)
    case synthesis(ChildProcessError)
    /// The programs ended well, with nothing.
    case silent
    case notDigits
}

extension SpeechError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read"
        case .phrases(let path, let error): "\(path): \(error)"
        case .recording(let path): "\(path) is no recording that sox reads"
        case .synthesis(.notFound(let path)): "there is no \(path): install the packages espeak-ng and sox"
        case .synthesis(let error): "the voice failed: \(error)"
        case .silent: "the voice gave no sound: is there such a voice? espeak-ng --voices lists them"
        case .notDigits: "the code is not made of digits"
        }
    }
}
