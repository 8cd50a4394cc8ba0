internal import Channels
internal import Time

/// Reports come late, twice, and in any order; what has been reached is not taken back by them.
extension MessageLife {
    mutating func report(_ progress: DeliveryProgress, _ detail: String?, at when: Instant) -> [MessageEffect] {
        switch progress.meaning {
        case .underWay(let step):
            guard step > self.progress?.step ?? -1 else { return [] }
            self.note(progress, detail)
            return []
        case .unknown:
            if self.progress == nil { self.note(progress, detail) }
            return []
        case .arrived: return self.arrive(progress, detail, at: when)
        case .lost:
            self.note(progress, detail)
            (self.state, self.ended) = (.failed, when)
            return [.record(.failed)]
        case .disowned:
            (self.state, self.ended) = (.failed, when)
            return self.disown(by: progress, detail, at: when)
        }
    }

    /// What is said of a message that has ended. That it arrived is believed of one that was taken: it is there. That it did
    /// not is not believed after it has.
    mutating func correct(_ progress: DeliveryProgress, _ detail: String?, at when: Instant) -> [MessageEffect] {
        switch progress.meaning {
        case .underWay, .unknown: return []
        case .arrived:
            guard self.state == .failed, self.sent != nil else { return [] }
            return self.arrive(progress, detail, at: when)
        case .lost: return self.state == .delivered ? [.record(.contradicted)] : []
        case .disowned: return self.disown(by: progress, detail, at: when)
        }
    }

    /// He did not ask for it. That counts whenever it comes, once; and nothing more is sent.
    mutating func disown(by progress: DeliveryProgress, _ detail: String?, at now: Instant) -> [MessageEffect] {
        guard progress.meaning == .disowned, self.progress != progress else { return [] }
        self.note(progress, detail)
        if self.state == .waiting { _ = self.end(.withdrawn, at: now) }
        if self.state == .attempting { self.isWithdrawn = true }
        return [.disowned]
    }

    /// A provider's clock may be wrong: it took the message before, and says so by now.
    func bounded(_ when: Instant?, _ now: Instant) -> Instant { min(max(when ?? now, self.sent ?? now), now) }

    private mutating func arrive(
        _ progress: DeliveryProgress, _ detail: String?, at when: Instant
    ) -> [MessageEffect] {
        // Who pressed 9 did not want what arrived.
        guard self.progress != .notRequested else { return [] }
        self.note(progress, detail)
        (self.state, self.ended) = (.delivered, when)
        return [.record(.delivered)]
    }

    private mutating func note(_ progress: DeliveryProgress, _ detail: String?) {
        (self.progress, self.detail) = (progress, detail)
    }
}

/// What a report says of a message's fate.
enum ReportMeaning: Hashable {
    /// Later steps are greater.
    case underWay(step: Int)
    case arrived, lost, disowned, unknown
}

extension DeliveryProgress {
    var meaning: ReportMeaning {
        switch self {
        case .underWay: .underWay(step: 0)
        case .buffered: .underWay(step: 1)
        case .ringing: .underWay(step: 2)
        case .answered: .underWay(step: 3)
        case .delivered, .heard: .arrived
        case .expired, .undeliverable, .rejected, .busy, .declined, .noAnswer, .hungUp, .noKeyPressed: .lost
        case .notRequested: .disowned
        case .unknown: .unknown
        }
    }

    fileprivate var step: Int? {
        guard case .underWay(let step) = self.meaning else { return nil }
        return step
    }
}
