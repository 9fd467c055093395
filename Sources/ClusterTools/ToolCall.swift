/// How a tool was called.
struct ToolCall: Sendable {
    /// What the program was called by, for complaints and usage texts.
    let program: String
    /// What stands behind it.
    let arguments: [String]
    /// Whether `--json` is among the options: those of Corosync's names have none.
    let offersJSON: Bool

    init(program: String, arguments: [String], offersJSON: Bool = false) {
        self.program = program
        self.arguments = arguments
        self.offersJSON = offersJSON
    }

    func jsonOption(_ letter: Character) -> [OptionReader.LongOption] {
        offersJSON ? [.init(name: "json", letter: letter)] : []
    }
}

/// The tools: those of the corosync-* names, and Rondo's own.
enum ClusterTool: String, CaseIterable, Sendable {
    case cfg, map, quorum, groups, keygen
    case confirmDown = "confirm-down"

    /// The name of Corosync's tool; nil where it has none.
    var corosyncName: String? {
        switch self {
        case .cfg: "corosync-cfgtool"
        case .map: "corosync-cmapctl"
        case .quorum: "corosync-quorumtool"
        case .groups: "corosync-cpgtool"
        case .keygen: "corosync-keygen"
        case .confirmDown: nil
        }
    }

    /// The exit status.
    func run(_ call: ToolCall) async -> Int32 {
        switch self {
        case .cfg: await CfgTool.run(call)
        case .map: await MapTool.run(call)
        case .quorum: await QuorumTool.run(call)
        case .groups: await GroupTool.run(call)
        case .keygen: KeyTool.run(call)
        case .confirmDown: await ConfirmDownTool.run(call)
        }
    }
}
