internal import Foundation
internal import Synchronization

/// A program that was started. Whoever starts one ends it.
///
/// A thread of its own starts the program and then waits for it, so that it never stays as a zombie. The thread is also
/// why it does not outlive us: the kernel ends the program when the thread is gone, as after `kill -9`.
package final class ChildProcess: Sendable {
    package let pid: Int32
    private let state = Mutex(State())

    private struct State {
        var status: ExitStatus?
        var waiting: [CheckedContinuation<ExitStatus, Never>] = []
    }

    private init(pid: Int32) { self.pid = pid }

    package static func start(_ program: Program) async throws(ChildProcessError) -> ChildProcess {
        let started: Result<ChildProcess, ChildProcessError> = await withCheckedContinuation { answer in
            Thread.detachNewThread { Self.startAndWait(program, answer: answer) }
        }
        return try started.get()
    }

    private static func startAndWait(
        _ program: Program, answer: CheckedContinuation<Result<ChildProcess, ChildProcessError>, Never>
    ) {
        do throws(ChildProcessError) {
            let child = ChildProcess(pid: try program.spawn())
            answer.resume(returning: .success(child))
            child.waitForEnd()
        } catch { answer.resume(returning: .failure(error)) }
    }

    /// How it ended; returns when it has. Cancelling the task does not shorten the wait.
    package func exit() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = self.state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    package var isRunning: Bool { self.state.withLock { $0.status == nil } }

    /// Asks it to end, and ends it after a while. Returns when it is gone.
    package func end(grace: Duration = .seconds(2)) async {
        self.signal(SIGTERM)
        let killer = Task {
            try await Task.sleep(for: grace)
            self.signal(SIGKILL)
        }
        _ = await self.exit()
        killer.cancel()
    }

    /// Under the lock the number is still this program's: it is given back only with the status set.
    package func signal(_ signal: Int32) {
        self.state.withLock { state in
            if state.status == nil { kill(self.pid, signal) }
        }
    }

    private func waitForEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(self.pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let (status, waiting) = self.state.withLock { state in
            let status = self.reap()
            state.status = status
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    private func reap() -> ExitStatus {
        var status: Int32 = 0
        waitpid(self.pid, &status, 0)
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
