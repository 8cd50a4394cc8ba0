/// Runs so many tasks at once; the answers come in no order.
func atOnce<Value: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: Value.self) { group in
        for number in 0..<count { group.addTask { try await work(number) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}

func oneByOne<Value>(_ count: Int, _ work: (Int) async throws -> Value) async throws -> [Value] {
    var values: [Value] = []
    for number in 0..<count { values.append(try await work(number)) }
    return values
}
