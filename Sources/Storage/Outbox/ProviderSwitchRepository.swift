internal import SQL
package import Time

/// The only SQL for the providers that the operator has switched off.
package struct ProviderSwitchRepository {
    let connection: any SQLConnection

    package func off() throws -> Set<String> {
        Set(
            try self.connection.query("SELECT provider FROM provider_switch WHERE is_on = 0")
                .map { try $0.text("provider") })
    }

    package func set(_ provider: String, on: Bool, at now: Instant) throws {
        try self.connection.enqueue(
            """
            INSERT INTO provider_switch (provider, is_on, changed_at)
            VALUES (\(provider), \(on), \(now.milliseconds))
            ON CONFLICT (provider) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at
            """)
    }
}
