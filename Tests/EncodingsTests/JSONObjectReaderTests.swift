import Encodings
import Testing

@Suite("Members of a JSON object")
struct JSONObjectReaderTests {
    private func reader(_ text: String) throws -> JSONObjectReader {
        try JSONObjectReader(JSONValue(parsing: text.utf8))
    }

    @Test("Typed members are taken one by one")
    func reads() throws {
        var reader = try self.reader(
            #"{"name":"é","count":3,"on":true,"items":[1,2],"card":{"serial":"7"},"more":"x","n":0,"b":false}"#)
        #expect(try reader.string("name", maximum: 1) == "é")
        #expect(try reader.integer("count", in: 1...3) == 3)
        #expect(try reader.bool("on"))
        #expect(try reader.array("items", maximum: 2) == [1, 2])
        var card = try reader.object("card")
        #expect(try card.string("serial", maximum: 8) == "7")
        try card.finish()
        #expect(try reader.optionalString("more", maximum: 1) == "x")
        #expect(try reader.optionalInteger("n", in: 0...0) == 0)
        #expect(try reader.optionalBool("b") == false)
        try reader.finish()
    }

    @Test("A member of any kind is taken as it is, once")
    func value() throws {
        var reader = try self.reader(#"{"a":{"b":[null]},"c":null}"#)
        #expect(try reader.optionalValue("a") == ["b": [.null]])
        #expect(try reader.optionalValue("c") == JSONValue.null)
        #expect(try reader.optionalValue("a") == nil && reader.optionalValue("d") == nil)
        try reader.finish()
    }

    @Test("Optional members may be absent")
    func absent() throws {
        var reader = try self.reader("{}")
        #expect(try reader.optionalString("a", maximum: 1) == nil)
        #expect(try reader.optionalInteger("a", in: 0...1) == nil)
        #expect(try reader.optionalBool("a") == nil)
        #expect(try reader.optionalArray("a", maximum: 1) == nil)
        #expect(try reader.optionalObject("a") == nil)
        #expect(throws: JSONMemberError.missing("a")) { try reader.string("a", maximum: 1) }
        try reader.finish()
    }

    @Test(
        "Refused strings",
        arguments: [
            "1", "null", "true", "[]", "{}", #""""#, #""abcd""#, #""a\u0000""#, #""\n""#, #""\u001f""#, #""\u007f""#,
            #""\u009b""#, "\"\u{9B}\"",
            #""e\u0301\u0301\u0301""#,  // one character to the eye, four scalars
        ])
    func strings(value: String) throws {
        let expected = "a string of 1 to 3 characters, none of them a control"
        var reader = try self.reader(#"{"a":\#(value)}"#)
        #expect(throws: JSONMemberError.unexpected("a", expected: expected)) {
            try reader.string("a", minimum: 1, maximum: 3)
        }
    }

    @Test("Refused integers", arguments: ["\"1\"", "1.0", "1e0", "0", "4", "null", "true"])
    func integers(value: String) throws {
        var reader = try self.reader(#"{"a":\#(value)}"#)
        #expect(throws: JSONMemberError.unexpected("a", expected: "an integer from 1 to 3")) {
            try reader.integer("a", in: 1...3)
        }
    }

    @Test("Refused booleans, arrays, objects", arguments: ["\"true\"", "1", "null"])
    func others(value: String) throws {
        var reader = try self.reader(#"{"a":\#(value),"b":\#(value),"c":\#(value),"d":[1,2]}"#)
        #expect(throws: JSONMemberError.unexpected("a", expected: "true or false")) { try reader.bool("a") }
        #expect(throws: JSONMemberError.unexpected("b", expected: "an array of at most 1 elements")) {
            try reader.array("b", maximum: 1)
        }
        #expect(throws: JSONMemberError.unexpected("c", expected: "an object")) { try reader.object("c") }
        #expect(throws: JSONMemberError.unexpected("d", expected: "an array of at most 1 elements")) {
            try reader.array("d", maximum: 1)
        }
    }

    @Test(
        "Unknown members are named, unless the name itself is doubtful",
        arguments: [
            (#"{"a":1,"surprise":2}"#, "surprise"), (#"{"a":1,"\n":2}"#, "?"),
            (#"{"a":1,"\#(String(repeating: "x", count: 65))":2}"#, "?"),
        ])
    func unknown(text: String, name: String) throws {
        var reader = try self.reader(text)
        _ = try reader.integer("a", in: 1...1)
        #expect(throws: JSONMemberError.unknown(name)) { try reader.finish() }
    }

    @Test("Members of an inner object are named with their path")
    func path() throws {
        var outer = try self.reader(#"{"card":{"pin":{"x":1}}}"#)
        var card = try outer.object("card")
        #expect(throws: JSONMemberError.missing("card.serial")) { try card.string("serial", maximum: 1) }
        let pin = try card.object("pin")
        #expect(throws: JSONMemberError.unknown("card.pin.x")) { try pin.finish() }
    }

    @Test("Only an object has members", arguments: ["[]", "1", "null", "\"{}\""])
    func noObject(text: String) throws {
        #expect(throws: JSONMemberError.unexpected("", expected: "an object")) { try self.reader(text) }
    }
}
