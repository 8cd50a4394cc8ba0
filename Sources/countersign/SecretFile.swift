internal import Foundation

/// A small file with a secret in its first line.
enum SecretFile {
    static func firstLine(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 4096,
            let text = String(validating: data, as: UTF8.self)
        else { throw Failure("\(path) cannot be read, or is no short text") }
        return String(text.prefix { !$0.isNewline })
    }
}
