/// One text of the page. Templates name it by its raw value: `{{text.title}}`.
enum PageMessage: String, CaseIterable, Sendable {
    case brand, carrier, title, intro, language, noPhones, noPhonesHint
    case phoneOf, openPhone, allPhones, screen, nothingYet, older, from, copy, copied
    case mode, modeOn, modeOff, modeBusy, modeNoAnswer, modeMailbox, change
    case incomingCall, letItRing, ringsUnanswered, answer, decline, onThePhone, mailboxTalks, keypad, keysPressed
    case keyStar, keyHash, hangUp, listen
    case callDeclined, callHungUp, callCallerHungUp, callMissed, callBusy, callOff, callFailed, recording
    case addPhone, number, numberHint, add
    case faults, faultsIntro, faultsOf, http, smpp, apply, reset, clear
    case answers, answersNormal, answersDead, answersUnanswered, answersThrottled, answersNonsense, answersFault
    case answersAccount, answerDelay
    case texts, textsDelivered, textsLost, textsUndeliverable, deliveryDelay
    case receipts, receiptsTruthful, receiptsNone, receiptsLate, receiptsDoubled, receiptsStray, receiptsLying
    case receiptDelay, rejected, rejectedHint
    case ways, waysIntro, accountUser, accountPassword, wayHTTP, wayReceipts, waySMPP, waySIP, waySMTP, wayAPI, wayOff
    case mails, mailsIntro, noMails, mailRoute
    case notFoundTitle, notFoundText, refusedTitle, refusedText, brokenFaults

    /// The text, with `{0}` and `{1}` replaced. A test sees to it that none is missing.
    func text(in language: PageLanguage, _ arguments: String...) -> String {
        let text = Self.table(of: language)[self] ?? self.rawValue
        return arguments.enumerated().reduce(text) { text, argument in
            text.split(separator: "{\(argument.offset)}", omittingEmptySubsequences: false)
                .joined(separator: argument.element)
        }
    }

    static func table(of language: PageLanguage) -> [PageMessage: String] {
        switch language {
        case .english: self.english
        case .traditionalChinese: self.traditionalChinese
        }
    }
}

extension Phone.Mode {
    var message: PageMessage {
        switch self {
        case .on: .modeOn
        case .off: .modeOff
        case .busy: .modeBusy
        case .noAnswer: .modeNoAnswer
        case .mailbox: .modeMailbox
        }
    }
}

extension PhoneCall.Ending {
    var message: PageMessage {
        switch self {
        case .declined: .callDeclined
        case .hungUp: .callHungUp
        case .callerHungUp: .callCallerHungUp
        case .missed: .callMissed
        case .busy: .callBusy
        case .off: .callOff
        case .failed: .callFailed
        }
    }
}

extension Way {
    var message: PageMessage {
        switch self {
        case .http: .http
        case .smpp: .smpp
        }
    }
}

extension WayFaults.Answers {
    var message: PageMessage {
        switch self {
        case .normal: .answersNormal
        case .dead: .answersDead
        case .unanswered: .answersUnanswered
        case .throttled: .answersThrottled
        case .nonsense: .answersNonsense
        case .fault: .answersFault
        case .account: .answersAccount
        }
    }
}

extension WayFaults.Fate {
    var message: PageMessage {
        switch self {
        case .delivered: .textsDelivered
        case .lost: .textsLost
        case .undeliverable: .textsUndeliverable
        }
    }
}

extension WayFaults.Receipts {
    var message: PageMessage {
        switch self {
        case .truthful: .receiptsTruthful
        case .none: .receiptsNone
        case .late: .receiptsLate
        case .doubled: .receiptsDoubled
        case .stray: .receiptsStray
        case .lying: .receiptsLying
        }
    }
}
