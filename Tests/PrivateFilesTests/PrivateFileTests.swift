import Foundation
import TestSupport
import Testing

@testable import PrivateFiles

@Suite("Files that hold secrets")
struct PrivateFileTests {
    private let folder: TemporaryFolder
    private var path: String { self.folder.file("secret") }

    init() throws { self.folder = try TemporaryFolder() }

    @Test("Made for their owner alone, and never for a moment for others")
    func mode() throws {
        let watch = try Watch(self.folder.path)
        try PrivateFile(self.path).create([1, 2, 3])
        #expect(try self.mode(of: self.path) == 0o600)
        try PrivateFile(self.path).replace(with: Array(repeating: 4, count: 100_000))
        #expect(try self.mode(of: self.path) == 0o600)
        #expect(try self.content() == Array(repeating: 4, count: 100_000))
        // A mode that is right at the end, and was never changed, was right from the beginning.
        let events = try watch.events()
        #expect(events.contains { $0 & UInt32(IN_CREATE) != 0 } && events.contains { $0 & UInt32(IN_MOVED_TO) != 0 })
        #expect(!events.contains { $0 & UInt32(IN_ATTRIB) != 0 })
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path) == ["secret"])
    }

    @Test("What is there is not overwritten, nor is a link followed", arguments: ["file", "link", "nowhere"])
    func there(what: String) throws {
        let other = self.folder.file("other")
        try Data([7]).write(to: URL(fileURLWithPath: what == "file" ? self.path : other))
        if what != "file" { try FileManager.default.createSymbolicLink(atPath: self.path, withDestinationPath: other) }
        if what == "nowhere" { try FileManager.default.removeItem(atPath: other) }
        #expect(throws: PrivateFileError(code: EEXIST)) { try PrivateFile(self.path).create([1]) }
        #expect(FileManager.default.fileExists(atPath: other) == (what == "link"))
        if what != "nowhere" { #expect(try self.content() == [7]) }
        try PrivateFile(self.path).replace(with: [2])
        #expect(try self.content() == [2])
        #expect(try self.mode(of: self.path) == 0o600)
        if what == "link" { #expect(FileManager.default.contents(atPath: other) == Data([7])) }
    }

    @Test("No folder: nothing is made")
    func nowhere() throws {
        let file = PrivateFile(self.folder.file("missing/secret"))
        #expect(throws: PrivateFileError(code: ENOENT)) { try file.create([1]) }
        #expect(throws: PrivateFileError(code: ENOENT)) { try file.replace(with: [1]) }
    }

    @Test("A folder in its place: nothing is left beside it")
    func folderThere() throws {
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
        #expect(throws: PrivateFileError(code: EISDIR)) { try PrivateFile(self.path).replace(with: [1]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder.path) == ["secret"])
    }

    private func content() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: self.path))) }

    private func mode(of path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }
}

/// What happens in a folder, told by the kernel.
private struct Watch: ~Copyable {
    private let descriptor: Int32

    init(_ folder: String) throws {
        self.descriptor = inotify_init1(Int32(IN_NONBLOCK))
        try #require(self.descriptor >= 0)
        try #require(inotify_add_watch(self.descriptor, folder, UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB)) >= 0)
    }

    /// The masks of what happened so far.
    func events() throws -> [UInt32] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(self.descriptor, &bytes, bytes.count)
        try #require(count > 0)
        var (masks, at) = ([UInt32](), 0)
        while at < count {
            // wd, mask, cookie and the name's length, four bytes each; then the name.
            masks.append(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self) })
            at += 16 + Int(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self) })
        }
        return masks
    }

    deinit { close(self.descriptor) }
}
