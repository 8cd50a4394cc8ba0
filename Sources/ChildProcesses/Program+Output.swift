internal import Foundation

extension Program {
    /// Runs it to its end and returns what it wrote to its output.
    ///
    /// - Parameters:
    ///   - limit: bytes; more is an error.
    ///   - time: it is ended after that.
    package func outputToEnd(atMost limit: Int, within time: Duration) async throws(ChildProcessError) -> [UInt8] {
        let output = try MemoryFile()
        var program = self
        program.output = output
        let child = try await ChildProcess.start(program)
        let killer = Task {
            try await Task.sleep(for: time)
            child.signal(SIGKILL)
        }
        let status = await withTaskCancellationHandler {
            await child.exit()
        } onCancel: {
            child.signal(SIGKILL)
        }
        killer.cancel()
        guard status != .signalled(SIGKILL) else { throw .tookTooLong(self.path) }
        guard status == .exited(0) else { throw .failed(self.path, status) }
        guard let bytes = output.content(atMost: limit) else { throw .wroteTooMuch(self.path) }
        return bytes
    }
}
