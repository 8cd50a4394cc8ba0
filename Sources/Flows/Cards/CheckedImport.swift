internal import Authenticators
internal import OTP
internal import Storage
internal import Time

/// An import whose cards may be taken, as far as that can be said without the store.
struct CheckedImport: Sendable {
    let source: String
    let original: [CardImport.Card]
    /// One for each of ``original``.
    let cards: [StockCard]

    /// - Throws: ``CardImportError`` with every line that cannot be taken, up to its bound.
    init(_ batch: CardImport, at now: Instant) throws(CardImportError) {
        guard Self.isPrintable(batch.source) else { throw .badSource }
        guard !batch.cards.isEmpty else { throw .empty }
        var (cards, refusals): ([StockCard], [CardImportRefusal]) = ([], [])
        var lines: [String: Int] = [:]
        for card in batch.cards where refusals.count < CardImportError.mostRefusals {
            do throws(CardImportRefusal.Reason) {
                cards.append(try Self.checked(card, at: now))
                if let line = lines.updateValue(card.line, forKey: card.serial) { throw .twice(line: line) }
            } catch {
                refusals.append(CardImportRefusal(card, error))
            }
        }
        guard refusals.isEmpty else { throw .refused(refusals) }
        (self.source, self.original, self.cards) = (batch.source, batch.cards, cards)
    }

    /// As many cards at a time as one statement takes.
    var ranges: [Range<Int>] {
        stride(from: 0, to: self.cards.count, by: CardStockRepository.rowsAtOnce).map {
            $0..<min($0 + CardStockRepository.rowsAtOnce, self.cards.count)
        }
    }

    private static func isPrintable(_ source: String) -> Bool {
        let scalars = source.unicodeScalars
        return (1...200).contains(scalars.count) && !scalars.contains { $0.properties.generalCategory == .control }
    }

    private static func checked(
        _ card: CardImport.Card, at now: Instant
    ) throws(CardImportRefusal.Reason) -> StockCard {
        guard Self.isSerial(card.serial) else { throw .badSerial }
        guard let suite = try? CardSuite(card.suite) else { throw .unknownSuite }
        guard (OTPKey.minimumByteCount...64).contains(card.key.count) else { throw .keyLength(card.key.count) }
        guard (card.mostWrongPINs ?? 1) >= 1 else { throw .noWrongPIN }
        let policy = PINPolicy(
            shortest: card.shortestPIN, longest: card.longestPIN, mostFailures: card.mostWrongPINs)
        guard let policy else { throw .pinPolicy }
        let validity = CardValidity(start: card.start, end: card.end)
        guard !validity.isOver(at: now), validity.lasts else { throw .dates }
        return StockCard(
            serial: card.serial, suite: suite, key: card.key,
            pinHash: try Self.hash(card.pin, suite: suite, policy: policy), pinPolicy: policy, validity: validity)
    }

    private static func isSerial(_ serial: String) -> Bool {
        (1...64).contains(serial.utf8.count)
            && serial.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-._/:".unicodeScalars.contains($0)
            }
    }

    /// The maker's PIN is not weighed: nobody chose it.
    private static func hash(
        _ pin: String?, suite: CardSuite, policy: PINPolicy
    ) throws(CardImportRefusal.Reason) -> [UInt8]? {
        guard let pin else { return nil }
        guard (policy.shortest...policy.longest).contains(pin.utf8.count),
            pin.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let hash = try? OCRAPIN(pin, for: suite.ocra)
        else { throw .badPIN }
        return hash.hash
    }
}

extension CardImportRefusal.Reason: Error {}

extension CardValidity {
    /// Whether there is any time between start and end.
    fileprivate var lasts: Bool {
        guard let start, let end else { return true }
        return start < end
    }
}
