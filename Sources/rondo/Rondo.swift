import ArgumentParser

@main
struct Rondo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rondo",
        abstract: "Explain, decode, simulate and demonstrate Totem rings.",
        subcommands: [
            TimingCommand.self,
            DecodeCommand.self,
            SimulateCommand.self,
            DemoCommand.self,
        ]
    )
}
