/// One entry of the node list.
public struct NodeAddress: Sendable, Equatable {
    public var id: UInt32
    /// One address per link, link 0 first.
    public var addresses: [String]
    public var name: String?
    /// `quorum_votes`, where it is given.
    public var votes: UInt32?

    public init(id: UInt32, addresses: [String], name: String? = nil, votes: UInt32? = nil) {
        self.id = id
        self.addresses = addresses
        self.name = name
        self.votes = votes
    }
}

/// A corosync.conf, put together from its parts.
public struct RingConfiguration: Sendable {
    public var transport = "udpu"
    public var clusterName = "laboratory"
    /// How many links, where the node list is not given (see `Laboratory.configure`).
    public var links = 1
    /// Whether nodes have names also where there is one link only, where the node list is not given.
    public var isNamed = false
    /// The content of the key file.
    public var key: [UInt8]?
    /// The keys of the `interface` sections, link 0 first.
    public var interfaces: [[(key: String, value: String)]] = []
    /// Further keys of the totem section, in order.
    public var totem: [(key: String, value: String)] = []
    public var nodes: [NodeAddress] = []
    /// Log at debug level: more to see when a test fails, but a busier daemon.
    public var debug = true
    /// With a quorum section (votequorum), or without.
    public var quorum = false
    /// Further lines of the quorum section.
    public var quorumLines: [String] = []
    /// Further sections, as text.
    public var extra = ""

    public init(totem: [(key: String, value: String)] = []) {
        self.totem = totem
    }

    /// Two daemons on the same ring see the same text: the paths in it lead to a private place of each node.
    public var text: String {
        var lines = ["totem {", "    version: 2", "    cluster_name: \(clusterName)", "    transport: \(transport)"]
        lines += totem.map { "    \($0.key): \($0.value)" }
        for (link, keys) in interfaces.enumerated() where !keys.isEmpty {
            lines += ["    interface {", "        linknumber: \(link)"]
            lines += keys.map { "        \($0.key): \($0.value)" } + ["    }"]
        }
        lines += ["}", "nodelist {"]
        for node in nodes {
            lines.append("    node {")
            for (link, address) in node.addresses.enumerated() { lines.append("        ring\(link)_addr: \(address)") }
            lines.append("        nodeid: \(node.id)")
            if let name = node.name { lines.append("        name: \(name)") }
            if let votes = node.votes { lines.append("        quorum_votes: \(votes)") }
            lines.append("    }")
        }
        lines += ["}", "logging {"]
        lines += ["    to_stderr: no", "    to_syslog: no", "    to_logfile: yes", "    logfile: /run/lab/daemon.log"]
        if debug { lines.append("    debug: on") }
        lines += ["}", "system {", "    move_to_root_cgroup: no", "}"]
        if quorum {
            lines += ["quorum {", "    provider: corosync_votequorum"] + quorumLines.map { "    " + $0 } + ["}"]
        }
        return lines.joined(separator: "\n") + "\n" + extra
    }

    /// The value of a totem key, if given.
    public func totemValue(_ key: String) -> UInt32? {
        totem.last { $0.key == key }.flatMap { UInt32($0.value) }
    }
}

/// The timings a configuration leads to, in milliseconds, computed here on their own: the laboratory must not take the
/// tested engine's word for how long it may wait.
public struct ExpectedTimings: Sendable {
    public let token: Double
    public let retransmit: Double
    public let hold: Double
    public let consensus: Double
    public let join: Double
    public let merge: Double

    public init(_ configuration: RingConfiguration) {
        func value(_ key: String, _ fallback: Double) -> Double {
            configuration.totemValue(key).map(Double.init) ?? fallback
        }
        let count = configuration.nodes.count
        let scaling = count > 2 ? Double(count - 2) * value("token_coefficient", 650) : 0
        token = value("token", 3000) + scaling
        let constant = value("token_retransmits_before_loss_const", 4)
        retransmit = value("token_retransmit", (token / (constant + 0.2)).rounded(.down))
        hold = value("hold", (retransmit * 0.8 - 10).rounded(.down))
        consensus = value("consensus", (token * 1.2).rounded(.down))
        join = value("join", 50)
        merge = value("merge", 200)
    }

    /// From a node's silent death to the new ring of the others: the token is lost, consensus waited for, the joins
    /// that carry the failed list exchanged.
    public var afterDeath: Duration { .milliseconds(Int(token + consensus + 3 * join)) }

    /// From an announced leave to the new ring of the others: nobody waits for consensus.
    public var afterLeave: Duration { .milliseconds(Int(5 * join)) }

    /// From the moment separated rings hear each other to their common ring: an idle representative holds the token,
    /// then announces itself.
    public var afterMeeting: Duration { .milliseconds(Int(hold + merge + 5 * join)) }
}
