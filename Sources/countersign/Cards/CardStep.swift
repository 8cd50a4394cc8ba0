internal import Encodings

/// What staff do to a card in one step.
enum CardStep {
    enum Ship: StaffStep {
        typealias Subject = CardSubject
        static let name = "ship"
        static let abstract = "Say that a card was handed to the carrier: the user has 14 days to activate it."
        static let reason = "sent by registered mail"
    }

    enum Extend: StaffStep {
        typealias Subject = CardSubject
        static let name = "extend"
        static let abstract = "Give the user 14 days again to activate a card."
        static let reason = "was abroad"
    }

    enum Cancel: StaffStep {
        typealias Subject = CardSubject
        static let name = "cancel"
        static let abstract = "Cancel an order before the card is sent. The card goes back into the stock."
        static let reason = "ordered by mistake"
    }

    enum Block: StaffStep {
        typealias Subject = CardSubject
        static let name = "block"
        static let abstract = "Block a card: no login with it, and all sessions of its user end."
        static let reason = "left on a train"
    }

    enum Unblock: StaffStep {
        typealias Subject = CardSubject
        static let name = "unblock"
        static let abstract = "Unblock a card that was blocked."
        static let reason = "found again; identified by video"
    }

    enum Lost: StaffStep {
        typealias Subject = CardSubject
        static let name = "lost"
        static let abstract = "Say that a card is lost, for good."
        static let reason = "stolen"
    }

    enum Return: StaffStep {
        typealias Subject = CardSubject
        static let name = "return"
        static let abstract = "Say that a card came back, for good."
        static let reason = "left the firm"
    }
}
