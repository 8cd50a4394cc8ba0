import ChildProcesses
import Foundation
import Testing

@Suite("Files in memory")
struct MemoryFileTests {
    @Test("What was written comes back, and no more than was asked for", arguments: [0, 1, 100_000])
    func content(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let file = try MemoryFile(bytes)
        #expect(file.content(atMost: count) == bytes)
        #expect(file.content(atMost: count - 1) == nil)
    }

    @Test("No folder has it")
    func nameless() throws {
        let file = try MemoryFile(Array("nameless".utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
        // Another test's file may have its name for a moment, but holds nothing then.
        let contents = names.filter { $0.hasPrefix("countersign-") }.compactMap {
            FileManager.default.contents(atPath: "/dev/shm/\($0)")
        }
        #expect(!contents.contains { !$0.isEmpty })
        #expect(file.content(atMost: 100) == Array("nameless".utf8))
    }
}
