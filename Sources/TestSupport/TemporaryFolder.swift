// TestSupport: what tests of every room need around them. It knows no room of this package.

package import Foundation

/// A new folder for one test, removed with everything in it when the value is let go.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package var path: String { self.url.path }

    /// - Parameter parent: a short path where it matters, as for sockets, whose names end at about 100 bytes.
    package init(in parent: URL = FileManager.default.temporaryDirectory) throws {
        var template = Array(parent.appendingPathComponent("countersign-XXXXXX").path.utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.url = URL(fileURLWithPath: path, isDirectory: true)
    }

    deinit { try? FileManager.default.removeItem(at: self.url) }

    package func file(_ name: String) -> String { self.url.appendingPathComponent(name).path }
}
