// When and how the user was authenticated, as a sentence would say it (RFC 8176 for amr, OpenID EAP for acr).

import Foundation
import Languages

/// Turns `auth_time`, `acr` and `amr` into words of one language.
struct AuthenticationInWords: Sendable {
    let claims: IDTokenClaims
    let messages: Messages
    let language: Language
    /// Seconds since 1970.
    let now: Double

    /// "password, security card and PIN"
    var factors: String {
        let names = self.factorPhrases.map(self.text)
        guard let last = names.last else { return self.text(.factorUnknown) }
        let front = names.dropLast().joined(separator: self.text(.listSeparator))
        return front.isEmpty ? last : front + self.text(.listLast) + last
    }

    var usedSeveralFactors: Bool { self.claims.methods.contains("mfa") }

    /// The level as the provider names it, with words where the name is a registered one.
    var level: String {
        switch self.claims.contextClass {
        case nil: self.text(.notStated)
        case "0": self.text(.levelNone)
        case "phr": self.text(.levelPhishingResistant)
        case "phrh": self.text(.levelHardwareProtected)
        case "urn:countersign:acr:multi-factor": self.text(.levelMultiFactor)
        case "urn:countersign:acr:single-factor": self.text(.levelSingleFactor)
        case let name?: name
        }
    }

    /// Coordinated Universal Time, nil when the provider does not say when.
    var time: String? { self.claims.authenticationTime.map(UTCTime.text) }

    /// How long ago, without figures that would be old when they are read.
    var ago: String {
        guard let time = self.claims.authenticationTime else { return "" }
        return switch self.now - time {
        case ..<60: self.text(.agoNow)
        case ..<900: self.text(.agoMinutes)
        case ..<3600: self.text(.agoHour)
        case ..<86400: self.text(.agoHours)
        default: self.text(.agoDays)
        }
    }

    /// What was known first, then what was had, each once. A one-time code is named by what made or carried it.
    private var factorPhrases: [Phrase] {
        let methods = Set(self.claims.methods)
        let carriers: [(String, Phrase)] = [
            ("hwk", .factorCard), ("swk", .factorSoftware), ("sms", .factorText), ("tel", .factorCall),
        ]
        var possession = carriers.filter { methods.contains($0.0) }.map(\.1)
        if possession.isEmpty, methods.contains("otp") { possession = [.factorCard] }
        let others: [(String, Phrase)] = [
            ("pin", .factorPin), ("fpt", .factorFingerprint), ("face", .factorFace), ("user", .factorPresence),
        ]
        return (methods.contains("pwd") ? [.factorPassword] : []) + possession
            + others.filter { methods.contains($0.0) }.map(\.1)
    }

    private func text(_ phrase: Phrase) -> String { self.messages.text(phrase, in: self.language) }
}

/// A moment in UTC, the same in every language.
enum UTCTime {
    static func text(_ seconds: Double) -> String { Self.iso(seconds, separator: " ") + " UTC" }

    /// For the `datetime` attribute.
    static func machine(_ seconds: Double) -> String { Self.iso(seconds, separator: "T") + "Z" }

    /// Years 1970 to 9999; outside, the nearest of them.
    private static func iso(_ seconds: Double, separator: String) -> String {
        let date = Date(timeIntervalSince1970: min(max(seconds, 0), 253_402_300_799))
        let style = Date.ISO8601FormatStyle(timeZone: .gmt)
        return String(date.formatted(style).dropLast()).replacingOccurrences(of: "T", with: separator)
    }
}
