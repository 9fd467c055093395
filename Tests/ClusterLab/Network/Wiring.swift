/// The switch all nodes are plugged into: a bridge for each link in a namespace of its own.
final class Switch {
    let machine: Machine
    /// How many links connect the nodes, each a network of its own.
    let links: Int
    private var faults = Faults()
    /// Stands in for the bridge of link 0 while it shapes the network.
    var relay: Relay?
    var isShapedByKernel = false

    init(links: Int, folder: String, keeping: Bool) throws {
        self.links = links
        machine = try Machine(name: "switch", folder: "\(folder)/switch", removing: keeping ? nil : folder)
        let bridges = (0..<links).map { link in
            let name = Self.bridge(ofLink: link)
            return """
                ip link add \(name) type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
                ip link set \(name) up
                """
        }
        try inside(bridges.joined(separator: " && "))
    }

    /// The name of a link's bridge.
    static func bridge(ofLink link: Int) -> String { link == 0 ? "lab" : "lab\(link)" }

    /// Plugs a node in, on all links or on one, and gives it its addresses there.
    func plug(_ node: Node, onLink link: Int? = nil) throws {
        let ports = (link.map { $0..<$0 + 1 } ?? 0..<links).map { Port(node: node.number, link: $0) }
        let cables = ports.map { port in
            """
            ip link add \(port.name) type veth peer name \(port.interface) netns \(node.machine.holder) &&
            ip link set \(port.name) master \(Self.bridge(ofLink: port.link)) up
            """
        }
        try inside(cables.joined(separator: " && "), keepingProcessNumbers: true)
        let interfaces = ports.map { port in
            let name = port.interface
            return """
                ip address add \(node.address(onLink: port.link))/24 dev \(name) &&
                ip address add \(node.address6(onLink: port.link))/64 dev \(name) nodad && ip link set \(name) up
                """
        }
        _ = try mustRun(node.machine.entrance + ["/bin/sh", "-c", interfaces.joined(separator: " && ")])
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
