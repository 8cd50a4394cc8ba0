// How long the disk takes to make a small write durable.

import Foundation

/// Appends small blocks to a file of its own and waits for the disk after each.
struct DiskSync {
    private let path: String

    init(beside path: String) throws { self.path = path + ".sync" }

    func median() throws -> Duration {
        let file = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchError("\(self.path) cannot be made") }
        defer {
            _ = close(file)
            _ = unlink(self.path)
        }
        let block = [UInt8](repeating: 7, count: 4096)
        var times: [Duration] = []
        for _ in 0..<200 {
            let start = ContinuousClock.now
            guard write(file, block, block.count) == block.count, fdatasync(file) == 0 else {
                throw BenchError("\(self.path) cannot be written")
            }
            times.append(start.duration(to: .now))
        }
        return times.sorted()[times.count / 2]
    }
}
