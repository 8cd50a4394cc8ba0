import Foundation
import Testing

@Suite("The rooms and the arrows between them")
struct ArrowTests {
    static let drivers: Set = ["SQLiteDriver", "PostgresDriver"]

    private static let package = Result { try Package() }

    @Test("Every declared arrow stands in docs/architecture.md, and no other")
    func table() throws {
        let (package, table) = (try Self.package.get(), try ArrowTable())
        let rooms = package.targets.filter { !$0.isTest }
        #expect(Set(rooms.map(\.name)) == Set(table.rows.keys))
        for room in rooms {
            let row = try #require(table.rows[room.name], "\(room.name)")
            #expect(room.imports.subtracting(row.imports) == [], "\(room.name) imports what the table does not allow")
            #expect(row.imports.subtracting(room.imports) == [], "\(room.name) no longer imports this")
        }
    }

    @Test("The picture has every room of the table in its ring, and no other")
    func picture() throws {
        let table = try ArrowTable()
        var seen: Set<String> = []
        for (ring, line) in table.picture {
            let names = line.matches(of: #/[A-Za-z][A-Za-z-]+/#).map { String($0.output) }
            for name in names where table.rows[name] != nil {
                #expect(table.rows[name]?.ring == ring, "\(name)")
                seen.insert(name)
            }
        }
        #expect(Set(table.rows.keys).subtracting(seen).sorted() == [])
    }

    @Test("No arrow points up a ring")
    func down() throws {
        let table = try ArrowTable()
        for row in table.rows.values {
            for name in row.imports {
                let target = try #require(table.rows[name], "\(row.room) imports \(name)")
                guard let ring = row.ring else { continue }
                let down = try #require(target.ring, "\(row.room) imports \(name), which stands beside the rings")
                #expect(down <= ring, "\(row.room) imports \(name)")
            }
        }
    }

    @Test("No two rooms import each other, over however many others")
    func circles() throws {
        let table = try ArrowTable()
        for room in table.rows.keys {
            var (seen, next) = (Set<String>(), table.rows[room]?.imports ?? [])
            while let name = next.popFirst() {
                #expect(name != room, "\(room) imports itself")
                guard seen.insert(name).inserted else { continue }
                next.formUnion(table.rows[name]?.imports ?? [])
            }
        }
    }

    @Test("Edges do not import each other, the store, or SQL")
    func edges() throws {
        let table = try ArrowTable()
        let edges = table.rows.values.filter { $0.ring == 4 }
        #expect(edges.count >= 4)
        for edge in edges {
            let others = Set(edges.map(\.room)).subtracting([edge.room, "HTTPEdge"])
            #expect(edge.imports.isDisjoint(with: others), "\(edge.room)")
            #expect(edge.imports.isDisjoint(with: ["SQL", "Storage"]), "\(edge.room)")
        }
    }

    @Test("Only ServerApp, tests and the benchmark know a driver")
    func drivers() throws {
        for target in try Self.package.get().targets where !target.isTest {
            guard !["ServerApp", "TestWorld", "countersign-bench"].contains(target.name) else { continue }
            #expect(target.imports.isDisjoint(with: Self.drivers), "\(target.name)")
        }
    }

    @Test("Rings 0 and 1 know no store, no network and no clock")
    func pure() throws {
        let (package, table) = (try Self.package.get(), try ArrowTable())
        for target in package.targets where (table.rows[target.name]?.ring ?? 9) <= 1 {
            #expect(target.products.subtracting(["Crypto", "CryptoExtras"]) == [], "\(target.name)")
        }
    }

    @Test("Nothing that is shipped knows the tests' rooms")
    func testRooms() throws {
        for target in try Self.package.get().targets where !target.isTest && target.name != "TestWorld" {
            #expect(target.imports.isDisjoint(with: ["TestSupport", "TestWorld"]), "\(target.name)")
        }
    }
}
