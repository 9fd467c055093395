import Basics
import ClusterMap
import TotemWire

/// What the services need to know of the node's configuration.
public struct ServicesConfiguration: Sendable, Equatable {
    /// This node.
    public var nodeID: NodeID
    /// `totem.config_version`, when there is one.
    public var configVersion: UInt64?
    public var quorum: QuorumConfiguration
    /// Text for `runtime.members.N.ip` by node, as `r(0) ip(10.77.0.1) `: one group per link, each with a blank after it.
    public var memberAddresses: [NodeID: String]
    /// The keys below `resources.`.
    public var resources: [MapEntry]

    public init(
        nodeID: NodeID, configVersion: UInt64? = nil, quorum: QuorumConfiguration = QuorumConfiguration(),
        memberAddresses: [NodeID: String] = [:], resources: [MapEntry] = []
    ) {
        self.nodeID = nodeID
        self.configVersion = configVersion
        self.quorum = quorum
        self.memberAddresses = memberAddresses
        self.resources = resources
    }

    func address(of node: NodeID) -> String { memberAddresses[node] ?? "" }
}

extension ServicesConfiguration {
    /// What the configuration map says.
    ///
    /// - Parameter storedTrackingBarrier: the number last given out with `ServiceEvent.storeTrackingBarrier`.
    public init(
        nodeID: NodeID, map: ClusterMap, memberAddresses: [NodeID: String] = [:], storedTrackingBarrier: UInt32 = 0
    ) {
        self.init(
            nodeID: nodeID, configVersion: Self.configVersion(map),
            quorum: QuorumConfiguration(map: map, storedTrackingBarrier: storedTrackingBarrier),
            memberAddresses: memberAddresses, resources: map.entries(withPrefix: "resources."))
    }

    static func configVersion(_ map: ClusterMap) -> UInt64? { map[ConfigVersionMessage.key]?.unsigned }
}
