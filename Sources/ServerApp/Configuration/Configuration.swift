// ServerApp: configuration, wiring and lifecycle of the server. It decides nothing about a login.

package import Flows
package import HTTPEdge
package import Logging
package import OAuth
package import PasswordHashing
package import Sessions
package import Time

/// Everything that an operator can set, checked. Made by ``ConfigurationReader`` alone, or in a test.
package struct Configuration: Sendable {
    package var issuer: Issuer
    package var firm: String
    /// The firm's name in Traditional Chinese, where that is another one.
    package var firmInTraditionalChinese: String?
    package var listen: Listen
    package var store: StoreChoice
    package var masterKeyFile: String
    package var password = Password()
    package var sessions = SessionLimits()
    package var limits = LoginLimits()
    package var delivery = DeliveryConfiguration()
    package var trustedProxies: [ClientAddress] = []
    /// Who may read the metrics.
    package var metricsAddresses = ["127.0.0.1", "::1"].compactMap { ClientAddress($0) }
    package var log = Log()

    package init(issuer: Issuer, firm: String, listen: Listen, store: StoreChoice, masterKeyFile: String) {
        self.issuer = issuer
        self.firm = firm
        self.listen = listen
        self.store = store
        self.masterKeyFile = masterKeyFile
    }

    package struct Listen: Hashable, Sendable {
        package var host: String
        /// 0 takes a free one.
        package var port: Int
        /// nil where a proxy ends TLS.
        package var tls: CertificatePaths?

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    package struct CertificatePaths: Hashable, Sendable {
        /// PEM: the certificate, then those between it and the root.
        package let certificateFile: String
        package let keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package enum StoreChoice: Hashable, Sendable {
        case sqlite(path: String)
        case postgresql(url: String, connections: Int)
    }

    package struct Password: Sendable {
        package var cost = PasswordCost.standard
        /// Hashes at once; 0 for one a processor core.
        package var threads = 0
        package var answerStep = Span.milliseconds(300)
        package var blocklistFile: String?
    }

    package struct Log: Sendable {
        package enum Format: String, Sendable, CaseIterable { case json, text }
        package var level = Logger.Level.info
        package var format = Format.text
    }
}
