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
    /// Nil where each packet leaves as it is.
    let links: LinkPlan?
    /// Where the timings come from, in words.
    let origin: String
    private let document: ConfigurationDocument

    var timings: TotemTimings { report.timings.totem }

    /// - Parameter sealing: how the packets of links are sealed, or why they are not although they were to be.
    init(_ options: DemonstrationOptions, sealing: Sealing = .off) throws {
        let count = options.nodes
        nodes = (1...UInt32(count)).map { NodeID($0) }
        var document = try ConfigurationDocument(
            Array(Self.text(nodes, options.network, sealing.suite).utf8), file: "rondo demo")
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
        links =
            options.network == .udpu
            ? nil
            : LinkPlan(report, suite: sealing.suite, clearBecause: sealing.reason)
        returning = Self.longestReturn(report) + (links?.longestRise ?? .zero)
    }

    /// What a daemon on node `id` would start with.
    func configuration(of id: NodeID) throws -> ClusterConfiguration {
        let interfaces = try addresses(of: id).map { text in
            guard let mask = IPAddress("255.0.0.0"), let address = IPAddress(text) else {
                throw DemonstrationError("\(text) is not an IPv4 address")
            }
            return InterfaceAddress(interface: "lo", address: address, netmask: mask, isUp: true, index: 1)
        }
        return try ClusterConfiguration(
            document, host: HostFacts(hostName: "node\(id)", interfaces: interfaces), names: NameTable())
    }

    static func address(of id: NodeID) -> String { LinkPlan.address(of: id, 0) }

    /// By the number of the link, or the only one.
    func addresses(of id: NodeID) -> [String] {
        links == nil ? [Self.address(of: id)] : LinkPlan.numbers.map { LinkPlan.address(of: id, $0) }
    }

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

    private static func text(_ nodes: [NodeID], _ network: DemonstrationOptions.Network, _ suite: SealSuite?) -> String
    {
        let numbers: [UInt8] = network == .udpu ? [0] : LinkPlan.numbers
        let crypto = suite.map { "crypto_cipher: \($0.cipher.rawValue)\n    crypto_hash: \($0.hash.rawValue)" }
        var text = """
            totem {
                version: 2
                cluster_name: rondo-demo
                transport: \(network == .udpu ? "udpu" : "knet")
                \(crypto ?? "")
            }
            quorum {
                provider: corosync_votequorum
                two_node: \(nodes.count == 2 ? 1 : 0)
            }
            nodelist {

            """
        for id in nodes {
            text += "    node {\n        nodeid: \(id)\n        name: node\(id)\n"
            for number in numbers { text += "        ring\(number)_addr: \(LinkPlan.address(of: id, number))\n" }
            text += "    }\n"
        }
        return text + "}\n"
    }
}

extension RingPlan {
    /// Whether the packets of links are sealed.
    struct Sealing: Sendable {
        var suite: SealSuite?
        /// Why not, where they were to be.
        var reason: String?

        static let off = Sealing()
    }
}
