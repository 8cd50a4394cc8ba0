// One question at a time, on a connection of its own.

import Foundation
import NIOCore

/// A connection to a port of this machine, closed with it.
final class LoopbackConnection {
    private let socket: Int32
    private var received = ByteBuffer()

    init(port: Int) throws {
        self.socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard self.socket >= 0 else { throw BenchError("there is no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(self.socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw BenchError("nobody listens on port \(port)") }
    }

    deinit { close(self.socket) }

    func ask(_ question: HTTPQuestion) throws -> HTTPAnswer {
        let bytes = Array(question.text.utf8)
        guard write(self.socket, bytes, bytes.count) == bytes.count else { throw BenchError("a question was cut off") }
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            if let answer = try HTTPAnswer(&self.received) { return answer }
            let count = read(self.socket, &part, part.count)
            guard count > 0 else { throw BenchError("an answer was cut off") }
            self.received.writeBytes(part[..<count])
        }
    }
}
