internal import Channels
internal import NIOCore
internal import SMPP
internal import Time

/// One `submit_sm` that is to be sent, and who waits for its answer.
struct Submission {
    let message: ShortMessage
    let life: Life
    let place: PartPlace?
    let continuation: CheckedContinuation<HandOver, Never>
    /// Ends the wait for a place in the window.
    let timer: Scheduled<Void>

    func end(_ answer: HandOver) {
        self.timer.cancel()
        self.continuation.resume(returning: answer)
    }
}

/// One that was sent and has no answer yet.
struct InFlight {
    let submission: Submission
    let written: NIODeadline
    /// Ends the wait for the answer.
    let timer: Scheduled<Void>

    func end(_ answer: HandOver) {
        self.timer.cancel()
        self.submission.continuation.resume(returning: answer)
    }
}

/// How long a message is worth something. It has no clock of its own: it counts on from what it was told.
struct Life {
    private let expires: Instant
    private let given: Instant
    private let givenAt: NIODeadline

    init(until expires: Instant, from now: Instant, at deadline: NIODeadline) {
        (self.expires, self.given, self.givenAt) = (expires, now, deadline)
    }

    /// Nil when it is over.
    func validity(at deadline: NIODeadline, as form: MessageTime.Form) -> MessageTime? {
        MessageTime.remaining(
            until: self.expires, from: self.given + (deadline - self.givenAt).span, as: form)
    }
}

/// A receipt that has been read, and is answered when its report has been taken.
struct PendingReport: Sendable {
    let report: DeliveryReport
    let sequence: UInt32
    let connection: any Channel
}

/// A receipt that came while answers were outstanding, and names none of the ids that we have.
struct HeldReceipt {
    let receipt: DeliveryReceipt
    let sequence: UInt32
    let connection: any Channel
    /// The answers to these are waited for.
    var awaited: Set<UInt32>
}
