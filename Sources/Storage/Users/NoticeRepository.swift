package import Encodings
package import Identifiers
package import Identity
internal import SQL
internal import Time

/// The only SQL for notices. They are added and read, never changed.
package struct NoticeRepository {
    let connection: any SQLConnection

    /// Adds a notice. For a user that there is not the statement is the same and adds nothing: a lock of a name that nobody
    /// has must take the same work as any other.
    package func add(_ notice: Notice) throws {
        try self.connection.enqueue(
            """
            INSERT INTO notice (id, user_id, at, kind, details)
            SELECT \(notice.id.bytes), u.id, \(notice.at.milliseconds), \(notice.kind.rawValue),
                \(notice.details.storedText)
            FROM app_user u WHERE u.id = \(notice.user.bytes)
            """)
    }

    /// The user's newest notices, newest first.
    ///
    /// - Parameter most: at most so many, 1 or more.
    package func newest(_ most: Int, of user: UserID) throws -> [Notice] {
        try self.connection.query(
            """
            SELECT id, user_id, at, kind, details FROM notice
            WHERE user_id = \(user.bytes) ORDER BY at DESC, id DESC LIMIT \(most)
            """
        ).map(Self.notice)
    }

    private static func notice(_ row: SQLRow) throws -> Notice {
        guard let id = NoticeID(bytes: try row.blob("id")), let user = UserID(bytes: try row.blob("user_id")),
            let kind = NoticeKind(rawValue: try row.text("kind"))
        else { throw StorageError.damaged(table: "notice") }
        return Notice(
            id: id, user: user, at: Instant(milliseconds: try row.integer("at")), kind: kind,
            details: try NoticeDetails(storedText: try row.text("details")))
    }
}

/// The names are schema.
extension NoticeDetails: StoredAsJSON {
    package var json: JSONValue {
        .object(omittingAbsent: [
            "address": self.address?.json, "authenticator": self.authenticator?.json,
            "recovery": self.recovery?.json, "until": self.until.map { .integer($0.milliseconds) },
        ])
    }

    package init(json: JSONValue) throws(JSONMemberError) {
        let until: Int64? = try json.stored(optional: "until")
        self.init(
            authenticator: try json.stored(optional: "authenticator"),
            until: until.map(Instant.init(milliseconds:)), address: try json.stored(optional: "address"),
            recovery: try json.stored(optional: "recovery"))
    }
}
