import Encodings
import Time

/// What `POST /api/faults` asks for: `{"ways": {"http": {…}}, "phones": {"+85291234567": {"mode": "off"}}}`. What is not named
/// stays as it is.
struct FaultOrder: Sendable {
    private var ways: [(Way, JSONObjectReader)] = []
    private var modes: [(PhoneNumber, Phone.Mode)] = []

    init(_ value: JSONValue) throws(JSONMemberError) {
        var reader = try JSONObjectReader(value)
        if var ways = try reader.optionalObject("ways") {
            for way in Way.allCases {
                guard let given = try ways.optionalObject(way.rawValue) else { continue }
                var checked = WayFaults()
                try checked.merge(given)
                self.ways.append((way, given))
            }
            try ways.finish()
        }
        if let phones = try reader.optionalValue("phones") { self.modes = try Self.modes(phones) }
        try reader.finish()
    }

    private static func modes(_ value: JSONValue) throws(JSONMemberError) -> [(PhoneNumber, Phone.Mode)] {
        guard case .object(let members) = value, members.count <= Carrier.mostPhones else {
            throw .unexpected("phones", expected: "an object of at most \(Carrier.mostPhones) members")
        }
        return try members.map { member throws(JSONMemberError) in
            guard let number = PhoneNumber(member.name) else {
                throw .unexpected("phones", expected: "an object whose names are numbers: + and 7 to 15 digits")
            }
            var reader = try JSONObjectReader(member.value)
            let mode = Phone.Mode(rawValue: try reader.string("mode", maximum: 40))
            try reader.finish()
            guard let mode else {
                let modes = Phone.Mode.allCases.map(\.rawValue).joined(separator: ", ")
                throw .unexpected("mode", expected: "one of \(modes)")
            }
            return (number, mode)
        }
    }

    func apply(to carrier: inout Carrier, at now: Instant) {
        for (way, given) in self.ways {
            var faults = carrier.faults(of: way)
            // It was read once already.
            try? faults.merge(given)
            carrier.set(faults, of: way)
        }
        for (number, mode) in self.modes { carrier.set(mode, of: number, at: now) }
    }
}
