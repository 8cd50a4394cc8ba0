package import Identifiers

extension Named {
    package enum Delivery {}
}

/// One message on its way to a user, through all its tries.
package typealias DeliveryID = Identifier<Named.Delivery>
