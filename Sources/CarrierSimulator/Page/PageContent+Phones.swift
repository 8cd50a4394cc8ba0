import Time

extension PageContent.Phones {
    /// - Parameter number: of the only telephone to show; nil for all of them.
    init(
        _ carrier: Carrier, version: Int, only number: PhoneNumber?, clock: WallClock, in language: PageLanguage
    ) {
        self.version = version
        self.source = number.map { "/phones/\($0.digits)/live" } ?? "/live"
        self.isAlone = number != nil
        let shown = number.map { number in carrier.phones[number].map { [$0] } ?? [] } ?? carrier.phonesByTime
        self.none = shown.isEmpty
        self.all = shown.map { .init($0, carrier, alone: number != nil, clock: clock, in: language) }
        self.text = PageMessage.texts(in: language)
    }
}

extension PageContent.Phone {
    /// How many texts and calls a small telephone shows.
    static let few = 4

    init(_ phone: Phone, _ carrier: Carrier, alone: Bool, clock: WallClock, in language: PageLanguage) {
        self.digits = phone.number.digits
        self.number = phone.number.text
        self.title = PageMessage.phoneOf.text(in: language, self.number)
        self.openTitle = PageMessage.openPhone.text(in: language, self.number)
        self.screenTitle = PageMessage.screen.text(in: language, self.number)
        self.alone = alone
        self.modes = .init(of: phone.mode, in: language, \.message)
        self.isOff = phone.mode == .off
        let texts = carrier.texts(on: phone.number)
            .map { ($0.arrived ?? $0.received, PageContent.Entry($0, clock, language)) }
        let calls = carrier.calls.filter { $0.to == phone.number && $0.isOver }
            .map { ($0.started, PageContent.Entry($0, clock, language)) }
        let all = (texts + calls).sorted { $0.0 < $1.0 }.map(\.1)
        self.entries = alone ? all : all.suffix(Self.few)
        let hidden = all.count - self.entries.count
        self.older = hidden > 0 ? PageMessage.older.text(in: language, "\(hidden)") : nil
        let call = carrier.calls.last { $0.to == phone.number && !$0.isOver }
        self.call = call.map { .init($0, alone: alone, in: language) }
        self.isEmpty = all.isEmpty
    }
}

extension PageContent.Entry {
    fileprivate init(_ text: TextMessage, _ clock: WallClock, _ language: PageLanguage) {
        let arrived = text.arrived ?? text.received
        self.key = "text-\(text.number)"
        (self.time, self.dateTime) = (clock.time(arrived), arrived.rfc3339)
        self.message = .init(text, in: language)
        self.pastCall = nil
    }

    fileprivate init(_ call: PhoneCall, _ clock: WallClock, _ language: PageLanguage) {
        self.key = "call-\(call.number)"
        (self.time, self.dateTime) = (clock.time(call.started), call.started.rfc3339)
        self.message = nil
        self.pastCall = .init(call, in: language)
    }
}

extension PageContent.Message {
    fileprivate init(_ text: TextMessage, in language: PageLanguage) {
        let content = text.submission.text
        let place = text.code.flatMap { content.place(ofNumber: $0) }
        self.from = text.submission.from
        self.before = String(content[..<(place?.lowerBound ?? content.endIndex)])
        self.code = text.code
        self.copy = text.code.map { PageMessage.copy.text(in: language, $0) }
        self.after = place.map { String(content[$0.upperBound...]) } ?? ""
    }
}

extension PageContent.PastCall {
    fileprivate init(_ call: PhoneCall, in language: PageLanguage) {
        self.caller = call.from
        if case .over(let ending, _) = call.state {
            self.outcome = ending.message.text(in: language)
        } else {
            self.outcome = ""
        }
        self.isMissed = call.answeredAt == nil
        self.pressed = call.keys.isEmpty ? nil : PageMessage.keysPressed.text(in: language, call.keys)
        let isHeard = call.recording.count > 0
        self.sound = isHeard ? "/calls/\(call.number)/audio.wav" : nil
        self.soundTitle = isHeard ? PageMessage.recording.text(in: language, call.from) : nil
    }
}

extension PageContent.Call {
    fileprivate init(_ call: PhoneCall, alone: Bool, in language: PageLanguage) {
        self.callNumber = call.number
        let title: PageMessage = call.isAnswered ? .onThePhone : .incomingCall
        self.callTitle = title.text(in: language, call.from)
        self.isOffered = call.isOffered
        self.isIgnored = call.state == .ringing && !call.isOffered
        self.isAnswered = call.isAnswered
        self.isMailbox = call.isAnswered && call.mode == .mailbox
        self.isKeyed = call.isAnswered && call.mode != .mailbox
        self.live = "/calls/\(call.number)/live.wav"
        self.pressed = call.keys.isEmpty ? nil : PageMessage.keysPressed.text(in: language, call.keys)
        self.keys = PhoneCall.keys.map { key in
            let name: PageMessage? = key == "*" ? .keyStar : key == "#" ? .keyHash : nil
            return .init(value: String(key), name: name?.text(in: language))
        }
        self.view = alone ? "phone" : "list"
    }
}

extension [PageContent.Choice] {
    init<Word: RawRepresentable & CaseIterable & Equatable>(
        of chosen: Word, in language: PageLanguage, _ message: (Word) -> PageMessage
    ) where Word.RawValue == String {
        self = Word.allCases.map { word in
            .init(value: word.rawValue, label: message(word).text(in: language), chosen: word == chosen)
        }
    }
}

extension String {
    /// The first place where the number stands by itself.
    fileprivate func place(ofNumber number: String) -> Range<String.Index>? {
        var rest = self[...]
        while let place = rest.firstRange(of: number) {
            let isWhole =
                !(self[..<place.lowerBound].last?.isASCIIAlphanumeric ?? false)
                && !(self[place.upperBound...].first?.isASCIIAlphanumeric ?? false)
            if isWhole { return place }
            rest = self[place.upperBound...]
        }
        return nil
    }
}

extension Character {
    fileprivate var isASCIIAlphanumeric: Bool { self.isASCII && (self.isLetter || self.isNumber) }
}
