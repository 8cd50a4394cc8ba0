package import Flows
internal import Foundation
package import Identity
internal import SQL
internal import Time

/// Opens the store itself, adds what a file holds, and closes it: for the first administrator, the demo and tests.
package struct Provisioner: Sendable {
    private let configuration: Configuration

    package init(configuration: Configuration) { self.configuration = configuration }

    /// - Throws: ``StartError``, or `ProvisioningError`; then nothing was added.
    package func add(_ document: ProvisioningDocument, actor: String) async throws {
        try await self.opened { opened, checker, policy in
            let flow = ProvisioningFlow(environment: opened.environment, checker: checker, policy: policy)
            try await flow.add(document.provisions, actor: actor) { done, all in
                guard all > 10, done % 100 == 0 || done == all else { return }
                FileHandle.standardError.write(Data("passwords hashed: \(done) of \(all)\n".utf8))
            }
        }
    }

    /// Makes the first administrator.
    ///
    /// - Throws: ``StartError``, or `BootstrapError`; then nothing was changed.
    package func bootstrap(
        _ user: Provisions.NewUser, password: String, card: Provisions.NewCard, actor: String
    ) async throws {
        try await self.opened { opened, checker, policy in
            let flow = BootstrapFlow(environment: opened.environment, checker: checker, policy: policy)
            try await flow.run(user, password: password, card: card, actor: actor)
        }
    }

    private func opened(
        _ body: (OpenStore, PasswordChecker, PasswordPolicy) async throws -> Void
    ) async throws {
        let opened = try await OpenStore.open(
            self.configuration, environment: ProcessInfo.processInfo.environment, logger: self.configuration.logger(),
            clock: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }, schema: .makeIfEmpty)
        do {
            let password = self.configuration.password
            try await body(
                opened, try password.checker(random: opened.environment.random), try password.policy())
        } catch {
            await opened.driver.close()
            throw error
        }
        await opened.driver.close()
    }
}

extension Configuration.Password {
    /// The built-in blocklist and the operator's.
    package func policy() throws(StartError) -> PasswordPolicy {
        guard let path = self.blocklistFile else { return PasswordPolicy() }
        guard let data = FileManager.default.contents(atPath: path) else { throw .blocklistUnreadable(path: path) }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        return PasswordPolicy(blocklist: PasswordBlocklist.builtIn + lines)
    }
}
