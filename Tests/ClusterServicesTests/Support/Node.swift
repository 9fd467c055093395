import Basics
import ClusterMap
import Totem
import TotemWire

@testable import ClusterServices

/// One engine with everything it has put out, sorted.
struct Node {
    struct Sent: Equatable {
        var group: MessageGroup
        var bytes: [UInt8]
    }

    var engine: ServiceEngine
    var now = Instant(nanoseconds: 0)
    var sent: [Sent] = []
    var lines: [LogLine] = []
    var map: [String: MapValue] = [:]
    var events: [ServiceEvent] = []
    var notifications: [(client: ConnectionID, what: ClientNotification)] = []
    var outputs: [ServiceOutput] = []

    var id: NodeID { engine.nodeID }

    init(_ configuration: ServicesConfiguration) { engine = ServiceEngine(configuration: configuration) }

    /// A started node among `nodes` with votequorum.
    init(_ id: UInt32, of nodes: [UInt32], _ change: (inout ServicesConfiguration) -> Void = { _ in }) throws {
        var quorum = QuorumConfiguration(provider: "corosync_votequorum")
        quorum.nodes = nodes.map { QuorumConfiguration.NodeVotes(NodeID($0)) }
        var configuration = ServicesConfiguration(nodeID: NodeID(id), quorum: quorum)
        for node in nodes { configuration.memberAddresses[NodeID(node)] = "r(0) ip(10.77.0.\(node)) " }
        change(&configuration)
        self.init(configuration)
        try engine.start(now)
        collect()
    }

    mutating func collect() {
        engine.takeOutputs(into: &outputs)
        for output in outputs {
            switch output {
            case .multicast(let group, let bytes): sent.append(Sent(group: group, bytes: bytes))
            case .log(let line): lines.append(line)
            case .map(let change): map[change.key] = change.value
            case .event(let event): events.append(event)
            case .notify(let client, let what): notifications.append((client, what))
            }
        }
    }

    mutating func deliver(_ group: MessageGroup, _ bytes: [UInt8], from node: NodeID, order: ByteOrder = .native) {
        engine.deliver(group, bytes.span, from: node, order: order, now: now)
        collect()
    }

    mutating func deliver<Message: ServiceMessage>(_ message: Message, from node: UInt32) {
        deliver(.services, message.encoded(), from: NodeID(node))
    }

    mutating func change(_ change: ConfigurationChange) {
        engine.configurationChanged(change, now: now)
        collect()
    }

    mutating func advance(milliseconds: UInt64) {
        now = now.adding(milliseconds: milliseconds)
        engine.advance(now)
        collect()
    }

    /// Texts of the log lines of some subsystems from `severity` on upwards.
    func texts(_ subsystem: Subsystem? = nil, upTo severity: Severity = .info) -> [String] {
        lines.filter { $0.severity <= severity && (subsystem == nil || $0.subsystem == subsystem) }.map(\.text)
    }
}
