import ArgumentParser
import Glibc

/// `rondo cfg`, `map`, `quorum` and `groups`: what Corosync's tools do, also as JSON; and `confirm-down`. They speak to a running
/// daemon and are a program of their own, `rondo-tools`, which also bears the names of Corosync's tools.
protocol ClusterCommand: ParsableCommand {
    static var tool: String { get }
    var words: [String] { get }
}

extension ClusterCommand {
    mutating func run() throws {
        if words.contains("--help") { throw CleanExit.helpRequest(self) }
        if words == ["--version"] { throw CleanExit.message(Rondo.configuration.version) }
        let places = Self.places
        for place in places {
            var arguments = ([place, Self.tool] + words).map { strdup($0) } + [nil]
            defer { arguments.forEach { free($0) } }
            // Returns only when there is no such program.
            execv(place, &arguments)
        }
        StandardError.print(
            "rondo: the program rondo-tools is not here: looked for \(places.joined(separator: ", ")); install the package "
                + "rondo again")
        throw ExitCode.failure
    }

    /// Where it is installed, and beside this program, as both are built.
    private static var places: [String] {
        var room = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = room.withUnsafeMutableBytes { bytes in
            // The kernel writes at most as many bytes as it is told.
            bytes.baseAddress.map { readlink("/proc/self/exe", $0.assumingMemoryBound(to: CChar.self), bytes.count) }
                ?? -1
        }
        guard count > 0 else { return [] }
        let folder = String(decoding: room[..<count], as: UTF8.self).split(separator: "/").dropLast()
        return [folder.dropLast() + ["lib", "rondo", "rondo-tools"], folder + ["rondo-tools"]]
            .map { "/" + $0.joined(separator: "/") }
    }
}

struct CfgCommand: ClusterCommand {
    static let tool = "cfg"
    static let configuration = CommandConfiguration(
        commandName: tool,
        abstract: "Show links and nodes, read the configuration anew, end a node.",
        discussion: """
            Takes the options of corosync-cfgtool(8), and --json.

              -s, --status [-b]     links of this node, and whether they lead to the others
              -n, --nodes           nodes that can be reached, and the links to them
              -a, --address ID      addresses of a node
              -R, --reload          all nodes read corosync.conf anew
              -L, --reopen          open the log files anew
              -k, --kill ID         end a node at once
              -H, --shutdown        end this node, if its programs agree; with --force whatever they say
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []
}

struct MapCommand: ClusterCommand {
    static let tool = "map"
    static let configuration = CommandConfiguration(
        commandName: tool,
        abstract: "Show, set and follow keys of a node's maps.",
        discussion: """
            Takes the options of corosync-cmapctl(8), and --json.

              [PREFIX...]           keys with their values
              -g KEY...             these keys
              -s KEY TYPE VALUE     set a key; i8 to i64, u8 to u64, flt, dbl, str, bin
              -d KEY..., -D PREFIX  delete keys
              -t KEY, -T PREFIX     follow changes until q is typed
              -p FILE               set and delete what a file says
              -C knet|ipc|totem|schedmiss|all   clear statistics
              -m icmap|stats        which map
              -b                    show binary values
              -q                    show values alone
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []
}

struct QuorumCommand: ClusterCommand {
    static let tool = "quorum"
    static let configuration = CommandConfiguration(
        commandName: tool,
        abstract: "Show quorum and votes, and change votes.",
        discussion: """
            Takes the options of corosync-quorumtool(8), and --json. Exit status: 0 when this node is quorate, 2 when it is not,
            1 when something failed.

              -s                    quorum, votes and members
              -l                    members
              -m                    the same as -s at each change
              -a, -i, -H, -p        all addresses; addresses for names; ids in hexadecimal; for programs
              -o a|n|i              by address, name or id
              -e VOTES              expect so many votes in all
              -v VOTES [-n ID]      give a node so many votes
              -f                    unregister the quorum device by force
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []
}

struct GroupsCommand: ClusterCommand {
    static let tool = "groups"
    static let configuration = CommandConfiguration(
        commandName: tool,
        abstract: "Show the process groups and who is in them.",
        discussion: """
            Takes the options of corosync-cpgtool(8), and --json.

              -n                    names only
              -d CHARACTER          between fields, for programs
              -e                    names as they are, without backslashes
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []
}

struct ConfirmDownCommand: ClusterCommand {
    static let tool = "confirm-down"
    static let configuration = CommandConfiguration(
        commandName: tool,
        abstract: "Say that a node's machine is off, so that the ring parts with it at once.",
        usage: "rondo confirm-down [--yes] [--wait <seconds>] [--json] <node>",
        discussion: """
            NODE is an id or a name of the nodelist. It is said on any other node that runs Rondo. It does not fence: make sure
            before that the machine is off. A node that still runs comes back by itself.

              -y, --yes             do not ask
              -w, --wait SECONDS    wait so long until the node is out (10)
                  --json            the outcome for programs

            Exit status: 0 when the node is no member any more, 1 when nothing was said, 3 when it still is one or
            that is not known.
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []
}
