internal import Authenticators
internal import Encodings
internal import Flows
internal import Identifiers
internal import Identity
internal import Time

extension AdminBody {
    /// - Parameter drawn: a PIN that nobody knows yet. One that somebody typed is not repeated.
    static func card(_ card: DeskCard, drawn pin: CardPIN? = nil) -> JSONValue {
        switch card {
        case .inStock(let serial): ["serial": .string(serial), "state": "stock"]
        case .ofUser(let name, let view): Self.card(view, of: name, pin)
        }
    }

    private static func card(_ view: CardView, of name: UserName, _ pin: CardPIN?) -> JSONValue {
        let (shipment, block) = (view.state.shipment, view.state.block)
        return .object(omittingAbsent: [
            "serial": .string(view.serial), "state": .string(view.state.name), "username": .string(name.text),
            "id": .string(view.card.id.text), "created_at": .string(view.created.rfc3339),
            "shipped_at": shipment.map { .string($0.at.rfc3339) },
            "activate_by": shipment.map { .string($0.activateBy.rfc3339) },
            "blocked_at": block.map { .string($0.at.rfc3339) }, "blocked_by": block.map { .string($0.by.rawValue) },
            "last_used_at": view.lastUsed.map { .string($0.rfc3339) },
            "usable_from": view.validity.start.map { .string($0.rfc3339) },
            "usable_until": view.validity.end.map { .string($0.rfc3339) },
            "pin_min_length": .integer(Int64(view.pinPolicy.shortest)),
            "pin_max_length": .integer(Int64(view.pinPolicy.longest)),
            "pin_max_failures": view.pinPolicy.mostFailures.map { .integer(Int64($0)) },
            "pin_must_change": .bool(view.pinMustChange), "bound_by": view.boundBy.map { .string($0.rawValue) },
            "limited_until": view.limitedUntil.map { .string($0.rfc3339) }, "pin": pin.map { .string($0.digits) },
        ])
    }

    static func waiting(_ waiting: CardsToShip) -> JSONValue {
        [
            "cards": .array(waiting.orders.map(Self.order)), "in_stock": .integer(waiting.inStock),
        ]
    }

    private static func order(_ order: CardsToShip.Order) -> JSONValue {
        [
            "serial": .string(order.serial), "username": .string(order.user.text), "name": .string(order.name),
            "ordered_at": .string(order.ordered.rfc3339),
            "address": .array(order.address.lines.map(JSONValue.string)),
        ]
    }

    static func code(_ code: ActivationCode, _ issued: IssuedActivationCode) -> JSONValue {
        [
            "code": .string(code.text), "kind": .string(issued.kind.rawValue),
            "usable_from": .string(issued.usableFrom.rfc3339), "expires_at": .string(issued.expires.rfc3339),
        ]
    }
}
