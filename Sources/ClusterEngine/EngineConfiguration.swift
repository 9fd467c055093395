import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterMap
import ClusterServices
import Links
import Totem
import TotemWire

/// Everything an engine starts with.
public struct EngineConfiguration: Sendable {
    /// This node.
    public var nodeID: NodeID
    /// All nodes of the nodelist, this one included.
    public var nodes: [NodeID]
    public var ring: RingParameters
    public var services: ServicesConfiguration
    /// Keys that the configuration map holds from the start.
    public var entries: [MapEntry]
    /// What clients are told of the nodes' links; who is a member is filled in when they ask.
    public var status: ClusterStatus
    /// What the timings are derived from, so that they can be derived anew when a key changes.
    public var timingInputs: TimingInputs
    /// What section `rondo` says; nil for a ring without beats.
    public var rondo: RondoSettings?
    /// How much may wait for local programs that do not read.
    public var waitingLimits = WaitingLimits()
    /// Datagrams from addresses outside the nodelist are dropped by the transport.
    public var blocksUnlistedAddresses = true
    /// The links that carry the ring's packets; nil where each leaves as it is.
    public var links: LinksConfiguration?
    /// Random bits of this start, of the shell: what makes the links' pings unguessable.
    public var linkSecret = LinkSecret(0, 0)
    /// A random number of this start, of the shell: what its beats are marked with.
    public var incarnation: UInt32 = 0
    /// Why no ring of this node alone is formed before the first with others, and what is to be done: nobody else can reach
    /// its address, as far as is known. Nil where it is formed.
    public var waitReason: String?
    /// Lines less urgent than this are not even made.
    public var logThreshold = Severity.info

    public init(
        nodeID: NodeID, nodes: [NodeID], ring: RingParameters, services: ServicesConfiguration, entries: [MapEntry],
        status: ClusterStatus, timingInputs: TimingInputs
    ) {
        self.nodeID = nodeID
        self.nodes = nodes
        self.ring = ring
        self.services = services
        self.entries = entries
        self.status = status
        self.timingInputs = timingInputs
    }

    /// Takes the size of packets over, which is found out once, at the start (docs/decisions/packet-size.md).
    mutating func keepPacketSize(of other: borrowing EngineConfiguration) {
        ring.netMTU = other.ring.netMTU
        status.netMTU = other.status.netMTU
        for node in status.nodes.indices {
            for link in status.nodes[node].links.indices { status.nodes[node].links[link].mtu = other.status.netMTU }
        }
    }
}
