import Foundation
import Testing

/// Rules that a compiler does not check.
@Suite("Rules of the source")
struct SourceRuleTests {
    @Test("No template writes anything unescaped")
    func templates() throws {
        let templates = try Self.files("Sources", ending: ".mustache")
        #expect(templates.count > 10)
        for (path, text) in templates {
            // Written apart, or this file would break its own kind of rule.
            for mark in ["{" + "{{", "{" + "{&", "{{" + " &"] { #expect(!text.contains(mark), "\(path)") }
        }
    }

    @Test(
        "Tests neither sleep nor force", arguments: ["try" + "!", "as" + "!", "Task." + "sleep", "import XC" + "Test"])
    func tests(word: String) throws {
        let files = try Self.files("Tests", ending: ".swift")
        #expect(files.count > 50)
        for (path, text) in files { #expect(!text.contains(word), "\(path)") }
    }

    @Test("Rings 0 and 1 ask for no time, draw nothing at random, and force nothing")
    func pure() throws {
        let rings = try ArrowTable().rows.values.filter { ($0.ring ?? 9) <= 1 }.map(\.room)
        for ring in rings {
            for (path, text) in try Self.files("Sources/\(ring)", ending: ".swift") {
                for word in ["Date()", "ContinuousClock", ".random(in", "SystemRandomNumberGenerator", "try" + "!"] {
                    #expect(!text.contains(word), "\(path): \(word)")
                }
            }
        }
    }

    private static func files(_ folder: String, ending: String) throws -> [(path: String, text: String)] {
        let root = Package.root.appendingPathComponent(folder)
        guard let paths = FileManager.default.enumerator(atPath: root.path) else {
            throw Unreadable(what: folder)
        }
        return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.map { path in
            ("\(folder)/\(path)", try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
        }
    }
}
