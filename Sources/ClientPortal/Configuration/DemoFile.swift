// The file that a demonstration server writes for the programs beside it.

import Foundation

/// The issuer and the portal's registration, read from a demo file. Other keys are ignored.
package struct DemoFile: Hashable, Sendable {
    package let issuer: String
    package let clientSecret: String

    /// Reads the entry of the application `clientID`.
    package init(path: String, clientID: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadableFile(path) }
        guard let content = try? JSONDecoder().decode(Content.self, from: data) else {
            throw .malformedDemoFile(path)
        }
        let application = content.applications.first { $0.clientID == clientID }
        guard let application, let secret = application.clientSecret else { throw .noSuchApplication(clientID) }
        self.issuer = content.issuer
        self.clientSecret = secret
    }

    private struct Content: Decodable {
        let issuer: String
        let applications: [Application]
    }

    private struct Application: Decodable {
        let clientID: String?
        let clientSecret: String?

        enum CodingKeys: String, CodingKey {
            case clientID = "client_id"
            case clientSecret = "client_secret"
        }
    }
}

/// A client secret in a file of its own; the line break at its end does not count.
package enum SecretFile {
    package static func read(_ path: String) throws(ConfigurationError) -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8)
        else { throw .unreadableFile(path) }
        return text.trimmingCharacters(in: .newlines)
    }
}
