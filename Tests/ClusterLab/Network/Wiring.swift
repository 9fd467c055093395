/// Which frames the switch drops, and how often.
struct Faults {
    /// Directed pairs of ports between which nothing passes.
    var cut: Set<[Int]> = []
    /// By receiving port, the share of frames lost on the way to it, in hundredths of a percent.
    var loss: [Int: Int] = [:]
    /// By receiving port, the longest IP packet that gets there.
    var largest: [Int: Int] = [:]

    /// The switch's rules as nft reads them, complete: loading them replaces the earlier ones in one step.
    var rules: String {
        var lines = ["table bridge lab", "delete table bridge lab", "table bridge lab {", "chain forward {"]
        lines.append("type filter hook forward priority 0; policy accept;")
        for pair in cut.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            lines.append("iifname \"p\(pair[0])\" oifname \"p\(pair[1])\" drop")
        }
        for (port, share) in loss.sorted(by: { $0.key < $1.key }) where share > 0 {
            lines.append("oifname \"p\(port)\" numgen random mod 10000 < \(share) drop")
        }
        for (port, bytes) in largest.sorted(by: { $0.key < $1.key }) {
            // The link header counts too.
            lines.append("oifname \"p\(port)\" meta length > \(bytes + 14) drop")
        }
        lines += ["}", "}"]
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The switch all nodes are plugged into: a bridge in a namespace of its own. Node N's cable ends in port `pN`.
final class Switch {
    let machine: Machine
    private var faults = Faults()
    /// Stands in for the bridge while it shapes the network.
    var relay: Relay?
    var isShapedByKernel = false

    init(folder: String, keeping: Bool) throws {
        machine = try Machine(name: "switch", folder: "\(folder)/switch", removing: keeping ? nil : folder)
        try inside("ip link add lab type bridge stp_state 0 forward_delay 0 mcast_snooping 0 && ip link set lab up")
    }

    /// Plugs a node in and gives it its addresses.
    func plug(_ node: Node) throws {
        let port = "p\(node.number)"
        try inside(
            """
            ip link add \(port) type veth peer name eth0 netns \(node.machine.holder) &&
            ip link set \(port) master lab up
            """, keepingProcessNumbers: true)
        _ = try mustRun(
            node.machine.entrance + [
                "/bin/sh", "-c",
                """
                ip address add \(node.address)/24 dev eth0 && ip address add \(node.address6)/64 dev eth0 nodad &&
                ip link set eth0 up
                """,
            ])
    }

    /// Runs a shell command on the switch. With `keepingProcessNumbers` it sees processes as the test does, which is
    /// how another machine's namespace is named.
    func inside(_ script: String, keepingProcessNumbers: Bool = false) throws {
        let words =
            keepingProcessNumbers
            ? ["nsenter", "--target", "\(machine.holder)", "--net", "--"] : machine.entrance
        _ = try mustRun(words + ["/bin/sh", "-c", script])
    }

    /// Changes the faults, in one step for all ports.
    func change(_ edit: (inout Faults) -> Void) throws {
        edit(&faults)
        _ = try mustRun(machine.entrance + ["nft", "-f", "-"], input: faults.rules)
    }
}
