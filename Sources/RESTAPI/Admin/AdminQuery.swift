internal import Encodings
internal import HTTPEdge
internal import Time

/// Parameters of the admin API's queries.
enum AdminQuery {
    static func integer(_ name: String, in query: FormFields, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = query[name] else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
            throw PublicError.badRequest("\(name) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    static func time(_ name: String, in query: FormFields) throws -> Instant? {
        guard let text = query[name] else { return nil }
        guard let time = Instant(rfc3339: text) else {
            throw PublicError.badRequest("\(name) takes a time such as 2026-01-31T09:30:00Z")
        }
        return time
    }

    static func choice<Value: RawRepresentable<String>>(_ name: String, in query: FormFields) throws -> Value? {
        guard let text = query[name] else { return nil }
        guard let value = Value(rawValue: text) else { throw PublicError.badRequest("\(name) is not one of its words") }
        return value
    }

    /// Refuses what is misspelt: it would be ignored, and the answer would be wrong.
    static func refuseOthers(than known: Set<String>, in query: FormFields) throws {
        guard let other = query.names.first(where: { !known.contains($0) }) else { return }
        throw PublicError.badRequest(
            "there is no parameter \(other.utf8.count <= 40 ? other : "of that name")")
    }
}
