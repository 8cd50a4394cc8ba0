internal import Encodings
internal import Foundation
internal import PrivateFiles
internal import Sealing
internal import Storage

/// The master key on this machine: from the environment, or from a file of 64 hexadecimal digits with mode 0600.
struct MasterKeyFile {
    private let path: String
    private let dataFolder: String?
    private let environment: [String: String]

    /// - Parameter dataFolder: where the store is; the key must not lie there, or one copy would hold both.
    init(path: String, dataFolder: String?, environment: [String: String]) {
        self.path = path
        self.dataFolder = dataFolder
        self.environment = environment
    }

    static let variable = "COUNTERSIGN_MASTER_KEY"

    /// - Parameter mayMake: whether the store is empty, so that a new key locks nobody out.
    func read(mayMake: Bool, random: RandomSource) throws(StartError) -> MasterKey {
        if let text = self.environment[Self.variable] {
            return try Self.parse(text, from: "the environment variable \(Self.variable)")
        }
        try self.checkPlace()
        if FileManager.default.fileExists(atPath: self.path) { return try self.readFile() }
        guard mayMake else { throw .masterKeyMissing(path: self.path) }
        return try self.make(random.bytes(32))
    }

    private func checkPlace() throws(StartError) {
        guard let folder = self.dataFolder else { return }
        let inside = Self.resolved(self.path).hasPrefix(Self.resolved(folder) + "/")
        if inside { throw .masterKeyInDataFolder(path: self.path) }
    }

    /// The path without links, as far as it exists: Foundation leaves the links of a file that is not there yet.
    private static func resolved(_ path: String) -> String {
        let here = path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath
        let parts = "\(here)/\(path)".split(separator: "/").map(String.init)
        for count in stride(from: parts.count, through: 0, by: -1) {
            guard let real = realpath("/" + parts[..<count].joined(separator: "/"), nil) else { continue }
            defer { free(real) }
            var resolved = String(cString: real).split(separator: "/").map(String.init)
            for part in parts[count...] where part != "." {
                if part == ".." { _ = resolved.popLast() } else { resolved.append(part) }
            }
            return "/" + resolved.joined(separator: "/")
        }
        return path
    }

    private func readFile() throws(StartError) -> MasterKey {
        let attributes = try? FileManager.default.attributesOfItem(atPath: self.path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o077 == 0 else { throw .masterKeyReadableByOthers(path: self.path) }
        guard let data = FileManager.default.contents(atPath: self.path), data.count <= 200 else {
            throw .masterKeyUnreadable(path: self.path)
        }
        return try Self.parse(String(decoding: data, as: UTF8.self), from: "the file \(self.path)")
    }

    private func make(_ bytes: [UInt8]) throws(StartError) -> MasterKey {
        let folder = URL(fileURLWithPath: self.path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try PrivateFile(self.path).create(Array("\(Hexadecimal.encode(bytes))\n".utf8))
        } catch {
            // Of two that start at once the second takes the first one's.
            guard FileManager.default.fileExists(atPath: self.path) else {
                throw .masterKeyUnwritable(path: self.path)
            }
        }
        return try self.readFile()
    }

    private static func parse(_ text: String, from place: String) throws(StartError) -> MasterKey {
        let digits = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        guard let bytes = try? Hexadecimal.decode(digits), let key = try? MasterKey(bytes: bytes) else {
            throw .masterKeyMalformed(place: place)
        }
        return key
    }
}
