// What the templates are given: plain values, nothing to decide. A name means the same at every depth, since templates look
// outwards for what they do not find.

/// The whole page.
struct PageContent {
    let tag: String
    let heading: String
    let problem: String?
    let phones: Phones?
    let mails: Mails?
    let setup: Setup?
    let languages: [LanguageLink]
    let text: [String: String]

    struct LanguageLink {
        let languageTag: String
        let ownName: String
        let current: Bool
        let address: String
    }

    /// The part that changes by itself.
    struct Phones {
        let version: Int
        /// Where its next version is.
        let source: String
        let isAlone: Bool
        let none: Bool
        let all: [Phone]
        let text: [String: String]
    }

    struct Phone {
        let digits: String
        let number: String
        let title: String
        let openTitle: String
        let screenTitle: String
        let alone: Bool
        let modes: [Choice]
        let isOff: Bool
        let older: String?
        let entries: [Entry]
        let isEmpty: Bool
        let call: Call?
    }

    /// A text or a call that is over.
    struct Entry {
        let key: String
        let time: String
        let dateTime: String
        let message: Message?
        let pastCall: PastCall?
    }

    struct Message {
        let from: String
        let before: String
        let code: String?
        let copy: String?
        let after: String
    }

    struct PastCall {
        let caller: String
        let outcome: String
        let isMissed: Bool
        let pressed: String?
        let sound: String?
        let soundTitle: String?
    }

    struct Call {
        let callNumber: Int
        let callTitle: String
        let isOffered: Bool
        let isIgnored: Bool
        let isAnswered: Bool
        let isMailbox: Bool
        let isKeyed: Bool
        let live: String
        let pressed: String?
        let keys: [Key]
        let view: String
    }

    struct Key {
        let value: String
        let name: String?
    }

    struct Choice {
        let value: String
        let label: String
        let chosen: Bool
    }

    /// What is set, and how to get in: on the page with all phones alone.
    struct Setup {
        let forms: [FaultForm]
        let user: String
        let password: String
        let gateway: String
        let receiptKey: String
        let smppAddress: String?
        let sipAddress: String?
        let smtpAddress: String?
        let interface: String
    }

    struct FaultForm {
        let way: String
        let wayTitle: String
        let answers: [Choice]
        let answerDelay: String
        let texts: [Choice]
        let deliveryDelay: String
        let receipts: [Choice]
        let receiptDelay: String
        let rejected: String
    }
}
