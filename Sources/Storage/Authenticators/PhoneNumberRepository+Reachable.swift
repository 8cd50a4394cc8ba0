internal import Authenticators
package import Identifiers
package import PhoneNumbers
internal import SQL

extension PhoneNumberRepository {
    /// The numbers that the user can be told something by: all that he has, also one that takes no codes after too many wrong
    /// answers. Oldest first.
    ///
    /// A number that cannot be read is left out: no change may fail for want of its notice.
    package func reachable(of user: UserID) throws -> [PhoneNumber] {
        try self.connection.query(
            """
            SELECT a.id AS phone_id, p.number FROM authenticator a, phone_number p
            WHERE a.user_id = \(user.bytes) AND p.authenticator_id = a.id
                AND a.status IN (\(AuthenticatorStatus.active.rawValue), \(AuthenticatorStatus.disabled.rawValue))
            ORDER BY a.created_at, a.id
            """
        ).compactMap { row in
            guard let id = AuthenticatorID(bytes: try row.blob("phone_id")) else { return nil }
            do {
                return try self.number(row, of: user, id)
            } catch {
                if KeyRing.isOutdated(error) { throw error }
                return nil
            }
        }
    }
}
