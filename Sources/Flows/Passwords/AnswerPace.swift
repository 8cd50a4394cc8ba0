package import Time

/// Lets password answers leave only at whole multiples of one time after the question, so that how long the work took
/// tells nothing.
package struct AnswerPace: Sendable {
    private let step: Span
    private let sleep: @Sendable (Span) async -> Void

    /// - Parameters:
    ///   - step: above what one password check takes on an idle machine.
    ///   - sleep: waits that long.
    package init(step: Span, sleep: @escaping @Sendable (Span) async -> Void) {
        self.step = step
        self.sleep = sleep
    }

    /// The real one, on the machine's monotonic clock.
    package init(step: Span) {
        self.init(step: step) { try? await Task.sleep(for: .milliseconds($0.milliseconds)) }
    }

    func hold<Value>(_ work: () async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        let result: Result<Value, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        await self.sleep(self.rest(after: start.duration(to: .now)))
        return try result.get()
    }

    /// What is missing to the next whole step.
    func rest(after elapsed: Duration) -> Span {
        let milliseconds = elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
        let steps = milliseconds / self.step.milliseconds + 1
        return Span(milliseconds: steps * self.step.milliseconds - milliseconds)
    }
}
