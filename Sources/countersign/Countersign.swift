internal import ArgumentParser

@main
struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "A secure-login system that a firm runs itself.",
        discussion: "Example: countersign serve --config /etc/countersign/countersign.yaml",
        subcommands: [
            Serve.self, BootstrapCommand.self, LoginCommand.self, LogoutCommand.self, WhoAmICommand.self,
            UserCommand.self, ApplicationCommand.self, AuditCommand.self, Migrate.self, CardCommand.self,
            DeliveryCommand.self, KeyCommand.self, DoctorCommand.self, ConfigurationCommand.self, DemoCommand.self,
        ])
}
