import Encodings
import HTTPTypes
import HummingbirdTesting
import Testing
import Time

@testable import CarrierSimulator

@Suite("The interface for tests")
struct TestAPITests {
    private let test = TestCarrier()

    @Test("Faults are merged: what is not named stays")
    func faults() async throws {
        try await self.test.visit { client in
            let first: JSONValue = ["ways": ["http": ["answers": "throttled", "answer_delay_ms": 1500]]]
            #expect(try await client.json(.post, "/api/faults", first).status == .ok)
            let second: JSONValue = [
                "ways": ["http": ["receipts": "lying", "rejected": ["+85291234567"]], "smpp": ["texts": "lost"]],
                "phones": ["+447700900123": ["mode": "off"]],
            ]
            let answer = try await client.json(.post, "/api/faults", second).value
            #expect(answer["ways"]?["http"]?["answers"] == "throttled")
            #expect(answer["ways"]?["http"]?["answer_delay_ms"] == 1500)
            #expect(answer["ways"]?["http"]?["receipts"] == "lying")
            #expect(answer["ways"]?["http"]?["rejected"] == ["+85291234567"])
            #expect(answer["ways"]?["smpp"]?["texts"] == "lost")
            #expect(answer["phones"]?["+447700900123"]?["mode"] == "off")
            #expect(try await client.json(.delete, "/api/faults").status == .noContent)
            #expect(try await client.json(.get, "/api/faults").value["ways"]?["http"] == WayFaults().json)
            #expect(self.test.exchange.read { $0.phonesByTime.map(\.mode) } == [.on])
        }
    }

    @Test(
        "Every word of a fault can be set",
        arguments: WayFaults.Answers.allCases.map { ("answers", $0.rawValue) }
            + WayFaults.Fate.allCases.map { ("texts", $0.rawValue) }
            + WayFaults.Receipts.allCases.map { ("receipts", $0.rawValue) })
    func words(field: String, word: String) async throws {
        try await self.test.visit { client in
            let body: JSONValue = ["ways": ["smpp": .object([.init(field, .string(word))])]]
            let answer = try await client.json(.post, "/api/faults", body).value
            #expect(answer["ways"]?["smpp"]?[field] == .string(word))
        }
    }

    @Test(
        "Refused faults change nothing",
        arguments: [
            [], ["more": 1], ["ways": ["pigeon": [:]]], ["ways": ["http": ["answers": "sleepy"]]],
            ["ways": ["http": ["answer_delay_ms": -1]]], ["ways": ["http": ["answer_delay_ms": 3_600_001]]],
            ["ways": ["http": ["rejected": ["1"]]]], ["ways": ["http": ["answers": "dead", "x": 1]]],
            ["phones": ["1": ["mode": "off"]]], ["phones": ["+85291234567": ["mode": "asleep"]]],
            ["phones": ["+85291234567": [:]]], ["ways": ["http": ["answers": "dead"]], "phones": 1],
        ] as [JSONValue])
    func refused(body: JSONValue) async throws {
        try await self.test.visit { client in
            let answer = try await client.json(.post, "/api/faults", body)
            #expect(answer.status == .badRequest)
            #expect(try answer.value["code"] == "malformed")
            #expect(self.test.exchange.read { $0.faults(of: .http) } == WayFaults())
            #expect(self.test.exchange.read { $0.phones.isEmpty })
        }
    }

    @Test("Telephones and messages, by number and all; then they are forgotten")
    func messages() async throws {
        for number in ["+85291234567", "+447700900123"] {
            let submission = try self.test.submission(to: number)
            self.test.exchange.change { carrier, now in carrier.submit(submission, at: now) }
            self.test.clock.advance(.seconds(1))
        }
        try await self.test.visit { client in
            guard case .array(let phones)? = try await client.json(.get, "/api/phones").value["phones"] else {
                throw Missing()
            }
            #expect(phones.map { $0["number"] } == ["+447700900123", "+85291234567"])
            for (query, count) in [
                ("", 2), ("?number=%2B85291234567", 1), ("?number=+85291234567", 1),
                ("?number=%2B85299999999", 0),
            ] {
                guard case .array(let found)? = try await client.json(.get, "/api/messages\(query)").value["messages"]
                else { throw Missing() }
                #expect(found.count == count, "\(query)")
            }
            #expect(try await client.json(.get, "/api/messages?number=12").status == .badRequest)
            #expect(try await client.json(.delete, "/api/messages").status == .noContent)
            #expect(self.test.exchange.read { $0.texts.isEmpty && $0.phones.isEmpty })
        }
    }

    @Test("A call is answered, keyed and hung up, and says so")
    func calls() async throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        self.test.exchange.change { carrier, now in carrier.call(number, from: "Northwind", at: now).0 }
        try await self.test.visit { client in
            func call() async throws -> JSONValue {
                guard case .array(let calls)? = try await client.json(.get, "/api/calls").value["calls"],
                    let call = calls.first
                else { throw Missing() }
                return call
            }
            do {
                let found = try await call()["state"]
                #expect(found == "ringing")
            }
            do {
                let found = try await client.json(.post, "/api/calls/1/key", ["key": "1"]).status
                #expect(found == .conflict)
            }
            do {
                let found = try await client.json(.post, "/api/calls/1/answer").status
                #expect(found == .noContent)
            }
            do {
                let found = try await client.json(.post, "/api/calls/1/answer").status
                #expect(found == .conflict)
            }
            for key in ["1", "*", "#"] {
                do {
                    let found = try await client.json(.post, "/api/calls/1/key", ["key": .string(key)]).status
                    #expect(found == .noContent)
                }
            }
            do {
                let found = try await call()["keys"]
                #expect(found == "1*#")
            }
            do {
                let found = try await client.json(.post, "/api/calls/1/hangup").status
                #expect(found == .noContent)
            }
            do {
                let found = try await call()["ending"]
                #expect(found == "hung_up")
            }
            do {
                let found = try await client.json(.post, "/api/calls/1/decline").status
                #expect(found == .conflict)
            }
        }
    }

    @Test(
        "What is not there",
        arguments: [
            ("/api/calls/9/answer", nil), ("/api/calls/1/dance", nil), ("/api/calls/x/answer", nil),
            ("/api/calls/1/key", ["key": "a"]), ("/api/calls/1/key", ["key": "12"]), ("/api/calls/1/key", ["key": ""]),
        ] as [(String, JSONValue?)])
    func notFound(path: String, body: JSONValue?) async throws {
        let number = try #require(PhoneNumber(TestCarrier.number))
        self.test.exchange.change { carrier, now in carrier.call(number, from: "Northwind", at: now).0 }
        try await self.test.visit { client in
            do {
                let found = try await client.json(.post, path, body).status
                #expect(found == .notFound)
            }
        }
    }

    private struct Missing: Error {}
}
