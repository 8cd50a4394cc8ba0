internal import Foundation
package import Identity
internal import SQL
package import Time

/// The only SQL for the counts of password tries, kept for every name alike, whether anybody has it or not.
package struct PasswordThrottleRepository {
    let connection: any SQLConnection
    let keys: StoreKeys

    /// The counts of one name, locked until the transaction ends, and that of the browser if it is known for the name.
    package func lock(
        _ name: UserName, device: [UInt8]?, at now: Instant
    ) throws -> (name: PasswordThrottle, device: DeviceThrottle?) {
        let nameKey = self.nameKey(name)
        let deviceKey = self.deviceKey(name, device: device ?? [])
        try self.connection.enqueue(
            """
            INSERT INTO password_throttle (name_key, state, failures, updated_at)
            VALUES (\(nameKey), \(Self.encode(PasswordThrottle())), 0, \(now.milliseconds))
            ON CONFLICT (name_key) DO NOTHING
            """)
        let rows = try self.connection.query(
            "SELECT state FROM password_throttle WHERE name_key = \(nameKey)\(.rowLock)")
        let devices = try self.connection.query(
            "SELECT state FROM device_throttle WHERE device_key = \(deviceKey)")
        // Forgotten in between: the transaction is run again.
        guard let row = rows.first else { throw SQLError.conflict }
        return (
            try Self.decode(PasswordThrottle.self, try row.text("state")),
            try devices.first.map { try Self.decode(DeviceThrottle.self, try $0.text("state")) }
        )
    }

    /// The counts of a name as they stand, without a lock.
    package func peek(_ name: UserName) throws -> PasswordThrottle {
        let rows = try self.connection.query(
            "SELECT state FROM password_throttle WHERE name_key = \(self.nameKey(name))")
        guard let row = rows.first else { return PasswordThrottle() }
        return try Self.decode(PasswordThrottle.self, try row.text("state"))
    }

    /// Ends the lock of a name.
    package func lift(_ name: UserName, at now: Instant) throws {
        var (throttle, _) = try self.lock(name, device: nil, at: now)
        throttle.lift()
        try self.save(throttle, device: nil, for: name, at: now)
    }

    package func save(
        _ throttle: PasswordThrottle, device: (secret: [UInt8], throttle: DeviceThrottle)?, for name: UserName,
        at now: Instant
    ) throws {
        try self.connection.enqueue(
            """
            UPDATE password_throttle
            SET state = \(Self.encode(throttle)), failures = \(throttle.failures), updated_at = \(now.milliseconds)
            WHERE name_key = \(self.nameKey(name))
            """)
        guard let device else { return }
        try self.connection.enqueue(
            """
            UPDATE device_throttle SET state = \(Self.encode(device.throttle)), updated_at = \(now.milliseconds)
            WHERE device_key = \(self.deviceKey(name, device: device.secret))
            """)
    }

    /// A browser has completed a login of this user: from now on it has its own count.
    package func remember(device: [UInt8], for name: UserName, at now: Instant) throws {
        try self.connection.enqueue(
            """
            INSERT INTO device_throttle (device_key, name_key, state, updated_at)
            VALUES (
                \(self.deviceKey(name, device: device)), \(self.nameKey(name)), \(Self.encode(DeviceThrottle())),
                \(now.milliseconds))
            ON CONFLICT (device_key) DO UPDATE SET updated_at = excluded.updated_at
            """)
    }

    /// Forgets every browser that was known for the name.
    package func forgetDevices(of name: UserName) throws {
        try self.connection.enqueue("DELETE FROM device_throttle WHERE name_key = \(self.nameKey(name))")
    }

    /// Forgets names that nobody has tried for long. A count that goes towards the limit over all is kept like a known
    /// browser, or else waiting would clear it.
    package func forget(before then: Instant, devicesBefore: Instant) throws -> Int {
        try self.connection.execute(
            """
            DELETE FROM password_throttle
            WHERE updated_at < \(devicesBefore.milliseconds) OR (updated_at < \(then.milliseconds) AND failures <= 10)
            """)
            + self.connection.execute("DELETE FROM device_throttle WHERE updated_at < \(devicesBefore.milliseconds)")
    }

    private func nameKey(_ name: UserName) -> [UInt8] { self.keys.lookup("password throttle", [Array(name.text.utf8)]) }

    private func deviceKey(_ name: UserName, device: [UInt8]) -> [UInt8] {
        self.keys.lookup("device", [Array(name.text.utf8), device])
    }

    private static func encode(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
