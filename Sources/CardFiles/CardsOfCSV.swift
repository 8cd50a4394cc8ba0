internal import Authenticators
internal import CSV
internal import Encodings
internal import Time

/// Reads cards of CSV: the first line names the columns, every other is a card. docs/card-files.md describes it.
struct CardsOfCSV {
    private var reader: CSVReader
    private var serials = SerialNumbers()

    init(_ source: ByteSource) { self.reader = CSVReader(source) }

    mutating func cards(_ progress: (CardFileProgress) -> Void) throws(CardFileError) -> [CardRecord] {
        guard let header = try self.next() else { throw CardFileError(line: 1, .noCards) }
        let columns = try CSVColumns(header)
        var cards: [CardRecord] = []
        while let record = try self.next() {
            cards.append(try self.card(try columns.row(record)))
            if cards.count % 1000 == 0 { progress(CardFileProgress(entries: cards.count, bytes: self.reader.offset)) }
        }
        guard !cards.isEmpty else { throw CardFileError(line: 1, .noCards) }
        return cards
    }

    private mutating func next() throws(CardFileError) -> CSVRecord? {
        do { return try self.reader.next() } catch { throw CardFileError(line: error.line, .csv(error.reason)) }
    }

    private mutating func card(_ row: CSVRow) throws(CardFileError) -> CardRecord {
        guard let serial = CardSerial(try row.required(.serial)) else { throw row.fault(.malformedSerial) }
        let suiteText = try row.required(.suite)
        guard let suite = try? CardSuite(suiteText) else { throw row.fault(.unsupported(suite: suiteText)) }
        let (pin, policy) = try row.pin()
        let (starts, expires) = (try row.instant(.start), try row.instant(.expiry))
        if let starts, let expires, expires < starts { throw row.fault(.expiresBeforeStart) }
        try self.serials.add(serial, line: row.line)
        return CardRecord(
            line: row.line, serial: serial, suite: suite, key: try row.key(), pin: pin, pinPolicy: policy,
            starts: starts, expires: expires, manufacturer: try row.text(.manufacturer), model: try row.text(.model),
            issuer: try row.text(.issuer))
    }
}

/// A column, by its name in the first line.
enum CSVColumn: String, CaseIterable {
    case serial, suite, key, pin, start, expiry
    case shortestPIN = "pin_min_length"
    case longestPIN = "pin_max_length"
    case mostFailures = "pin_max_failures"
    case manufacturer, model, issuer

    static let required: [Self] = [.serial, .suite, .key]
}

/// Which column is where. The order is free.
private struct CSVColumns {
    private let columns: [CSVColumn]

    init(_ header: CSVRecord) throws(CardFileError) {
        var columns: [CSVColumn] = []
        for name in header.fields {
            guard let column = CSVColumn(rawValue: name) else { throw Self.unknown(name, header.line) }
            guard !columns.contains(column) else { throw CardFileError(line: header.line, .repeatedColumn(name)) }
            columns.append(column)
        }
        for column in CSVColumn.required where !columns.contains(column) {
            throw CardFileError(line: header.line, .missingColumn(column.rawValue))
        }
        self.columns = columns
    }

    /// A name that looks like one is repeated. A first line without names would be a card, whose key must not be.
    private static func unknown(_ name: String, _ line: Int) -> CardFileError {
        let isName = name.utf8.count <= 20 && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        return CardFileError(line: line, isName ? .unknownColumn(name) : .missingColumn("serial"))
    }

    func row(_ record: CSVRecord) throws(CardFileError) -> CSVRow {
        guard record.fields.count == self.columns.count else {
            throw CardFileError(
                line: record.line, .fieldCount(expected: self.columns.count, given: record.fields.count))
        }
        let fields = zip(self.columns, record.fields).filter { !$0.1.isEmpty }
        return CSVRow(line: record.line, fields: Dictionary(uniqueKeysWithValues: fields.map { ($0, $1) }))
    }
}

/// A card's fields. An empty one is none.
private struct CSVRow {
    let line: Int
    let fields: [CSVColumn: String]

    func fault(_ fault: CardFault) -> CardFileError { CardFileError(line: self.line, .card(fault)) }

    func required(_ column: CSVColumn) throws(CardFileError) -> String {
        guard let text = self.fields[column] else { throw self.fault(.missing(column.rawValue)) }
        return text
    }

    /// The key's text is in no error.
    func key() throws(CardFileError) -> [UInt8] {
        guard let key = CardRecord.key(hexadecimal: try self.required(.key)) else {
            throw self.fault(.malformed("key"))
        }
        guard CardRecord.keyByteCounts.contains(key.count) else { throw self.fault(.keyLength(key.count)) }
        return key
    }

    func pin() throws(CardFileError) -> (String?, CardPINPolicy) {
        let allowed = CardPINPolicy.allowedLengths
        let shortest = try self.length(.shortestPIN) ?? allowed.lowerBound
        let longest = try self.length(.longestPIN) ?? allowed.upperBound
        guard shortest <= longest else { throw self.fault(.pinLengths) }
        let policy = CardPINPolicy(lengths: shortest...longest, maximumFailures: try self.mostFailures())
        guard let pin = self.fields[.pin] else { return (nil, policy) }
        guard policy.allows(pin) else { throw self.fault(.malformedPIN(lengths: policy.lengths)) }
        return (pin, policy)
    }

    private func mostFailures() throws(CardFileError) -> Int? {
        guard let text = self.fields[.mostFailures] else { return nil }
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.first != "0", let most = Int(text)
        else { throw self.fault(.malformed(CSVColumn.mostFailures.rawValue)) }
        return most
    }

    private func length(_ column: CSVColumn) throws(CardFileError) -> Int? {
        guard let text = self.fields[column] else { return nil }
        guard let length = CardPINPolicy.allowedLengths.first(where: { String($0) == text }) else {
            throw self.fault(.malformed(column.rawValue))
        }
        return length
    }

    func instant(_ column: CSVColumn) throws(CardFileError) -> Instant? {
        guard let text = self.fields[column] else { return nil }
        guard text.utf8.count <= 40, let instant = Instant(dateTime: text) else {
            throw self.fault(.malformed(column.rawValue))
        }
        return instant
    }

    /// For people to read: visible, and not long.
    func text(_ column: CSVColumn) throws(CardFileError) -> String? {
        guard let text = self.fields[column] else { return nil }
        guard text.utf8.count <= 256, VisibleText.isVisible(text) else {
            throw self.fault(.malformed(column.rawValue))
        }
        return text
    }
}
