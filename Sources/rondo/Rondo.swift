import ArgumentParser
import Basics
import Glibc

@main
struct Rondo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rondo",
        abstract: "Explain, decode, simulate and demonstrate Totem rings, and ask those that run.",
        version: "rondo \(Release.rondo) (compatible with Corosync \(Release.corosync))",
        subcommands: [
            TimingCommand.self,
            DecodeCommand.self,
            SimulateCommand.self,
            DemoCommand.self,
            KeygenCommand.self,
            CfgCommand.self,
            MapCommand.self,
            QuorumCommand.self,
            GroupsCommand.self,
            ConfirmDownCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            do {
                try command.run()
            } catch let error as ValidationError {
                // Wrong usage that only shows while the command runs: the usage that helps is the command's own.
                let type = Swift.type(of: command)
                StandardError.print(
                    "Error: \(error.message)\nUsage: \(usageString(for: type))\n"
                        + "  See 'rondo \(type.configuration.commandName ?? "") --help' for more information.")
                Glibc.exit(ExitCode.validationFailure.rawValue)
            }
        } catch {
            exit(withError: error)
        }
    }
}
