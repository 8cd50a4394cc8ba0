internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import PhoneNumbers

/// Why nothing was switched or sent, in words for the staff.
extension PublicError {
    init(_ error: OutboxError) {
        switch error {
        case .noSuchProvider: self = PublicError(.notFound, .notFound, detail: "there is no such provider")
        case .noWayThere: self = PublicError(TestRefusal.noWayThere)
        case .noSuchBlock: self = PublicError(.notFound, .notFound, detail: "no such block of numbers is stopped")
        }
    }

    init(_ refusal: TestRefusal) {
        switch refusal {
        case .number(let error): self = .badRequest("to \(Self.words(error))")
        case .mailAddress: self = .badRequest("to is no e-mail address that mail can go to")
        case .noSuchProvider: self = .badRequest("provider is none of the configured ones")
        case .countryNotAllowed(let region):
            self = PublicError(
                .conflict, .notNow, detail: "nothing is sent to \(region): it is not among delivery.countries")
        case .noWayThere:
            self = PublicError(
                .conflict, .notNow, detail: "no provider, or not this one, carries messages this way to there")
        case .switchedOff:
            self = PublicError(.conflict, .notNow, detail: "the provider that would carry it is off: resume it")
        }
    }

    private static func words(_ error: PhoneNumberError) -> String {
        switch error {
        case .notANumber: "is no telephone number"
        case .tooShort: "has too few digits"
        case .tooLong: "has too many digits"
        case .unknownCountryCode: "has no country's code after the plus sign"
        case .countryMissing, .unknownCountry: "needs a plus sign and the country's code, as +85251234567"
        case .unknownRange: "lies in no range of numbers that is known there"
        case .noCountry: "belongs to no country"
        case .notMobile: "is no mobile number"
        }
    }
}
