internal import ArgumentParser

struct DeliveryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delivery", abstract: "How codes and notices reach users.",
        subcommands: [DeliveryBlocks.self, DeliveryResumeBlock.self])
}
