import Basics
import ClusterConfiguration
import TotemWire

/// The ring that is shown: its configuration, and what `rondo timing` computes for it.
struct RingPlan: Sendable {
    let nodes: [NodeID]
    let report: TimingReport
    let heartbeat: IdleHeartbeat
    /// From the victim's death to the new ring.
    let failure: FailureTimeline
    /// The longest it should take until a node that starts is in the ring.
    let returning: Microseconds
    let victim: NodeID
    /// Where the timings come from, in words.
    let origin: String
    private let document: ConfigurationDocument

    var timings: TotemTimings { report.timings.totem }

    init(_ options: DemonstrationOptions) throws {
        let count = options.nodes
        nodes = (1...UInt32(count)).map { NodeID($0) }
        var document = try ConfigurationDocument(Array(Self.text(nodes).utf8), file: "rondo demo")
        var origin = "Corosync's defaults"
        if let given = options.document {
            origin = given.file
            for entry in given.entries.all where Self.isTiming(entry.key) {
                try document.override(entry.key, entry.value.description)
            }
        }
        for setting in options.settings {
            guard Self.isTiming(setting.key) else {
                throw DemonstrationError("\(setting.key) is not a timing; see 'rondo timing --nodes 3'", isUsage: true)
            }
            try document.override(setting.key, setting.value)
            origin += ", \(setting.key.dropFirst(6)) \(setting.value)"
        }
        self.origin = origin
        self.document = document
        report = try TimingReport(document)
        if let violation = report.violation { throw violation }
        heartbeat = report.heartbeat
        let victim = options.victim ?? count
        self.victim = NodeID(UInt32(victim))
        guard let failure = report.failure(victim == 1 ? .representativeDies : .nodeDies) else {
            throw DemonstrationError("a ring of one node has nobody to notice a failure", isUsage: true)
        }
        self.failure = failure
        returning = Self.longestReturn(report)
    }

    /// What a daemon on node `id` would start with.
    func configuration(of id: NodeID) throws -> ClusterConfiguration {
        guard let mask = IPAddress("255.0.0.0"), let address = IPAddress(Self.address(of: id)) else {
            throw DemonstrationError("\(Self.address(of: id)) is not an IPv4 address")
        }
        let interface = InterfaceAddress(interface: "lo", address: address, netmask: mask, isUp: true, index: 1)
        return try ClusterConfiguration(
            document, host: HostFacts(hostName: "node\(id)", interfaces: [interface]), names: NameTable())
    }

    static func address(of id: NodeID) -> String { "127.0.0.\(id)" }

    /// Nobody is waited for when a node starts, as after one has left: calls, agreement, commit and recovery, now with
    /// one node more. The ring and the new node may each have to hear of the other by merge detection first.
    private static func longestReturn(_ report: TimingReport) -> Microseconds {
        var timings = report.timings.totem
        timings.ringSize += 1
        let steps = FailureTimeline(.nodeLeaves, timings, hop: report.hop)?.longest ?? .zero
        return .milliseconds(timings.merge) + report.heartbeat.period + steps
    }

    private static func isTiming(_ key: String) -> Bool {
        key.hasPrefix("totem.") && TimingParameter(rawValue: String(key.dropFirst(6))) != nil
    }

    private static func text(_ nodes: [NodeID]) -> String {
        var text = """
            totem {
                version: 2
                cluster_name: rondo-demo
                transport: udpu
            }
            quorum {
                provider: corosync_votequorum
                two_node: \(nodes.count == 2 ? 1 : 0)
            }
            nodelist {

            """
        for id in nodes {
            text += "    node {\n        nodeid: \(id)\n        ring0_addr: \(address(of: id))\n    }\n"
        }
        return text + "}\n"
    }
}
