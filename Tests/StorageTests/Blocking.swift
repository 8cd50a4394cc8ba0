import Dispatch

/// Runs async work to its end from a driver's own thread, which may block.
func blocking(_ work: @escaping @Sendable () async throws -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task {
        try? await work()
        done.signal()
    }
    done.wait()
}
