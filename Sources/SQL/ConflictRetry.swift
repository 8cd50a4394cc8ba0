// Running a transaction again after a conflict.

/// A bounded number of tries with a short random pause between them, so that two that met do not meet again.
package struct ConflictRetry: Sendable {
    package let tries: Int
    package let longestPause: Duration

    package static let standard = ConflictRetry(tries: 10, longestPause: .milliseconds(100))

    package init(tries: Int, longestPause: Duration) {
        self.tries = tries
        self.longestPause = longestPause
    }

    package func run<Value>(_ transaction: () async throws -> Value) async throws -> Value {
        for number in 1..<max(self.tries, 1) {
            do {
                return try await transaction()
            } catch SQLError.conflict {
                try await Task.sleep(for: self.pause(after: number))
            }
        }
        return try await transaction()
    }

    private func pause(after number: Int) -> Duration {
        min(.milliseconds(1 << min(number, 10)), self.longestPause) * Double.random(in: 0.25...1)
    }
}
