import Basics
import ClusterMap
import TotemWire

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
            memberAddresses: memberAddresses)
    }

    static func configVersion(_ map: ClusterMap) -> UInt64? { map[ConfigVersionMessage.key]?.unsigned }
}

extension QuorumConfiguration {
    /// What the configuration map says.
    public init(map: ClusterMap, storedTrackingBarrier: UInt32 = 0) {
        func number(_ name: String) -> UInt32? { map[name]?.unsigned.map { UInt32(clamping: $0) } }
        func flag(_ name: String) -> Bool { (number("quorum." + name) ?? 0) != 0 }
        self.init(
            provider: map["quorum.provider"]?.text,
            nodes: map["nodelist.local_node_pos"] == nil ? nil : Self.nodes(map),
            expectedVotes: number("quorum.expected_votes"), votes: number("quorum.votes"),
            twoNode: flag("two_node"), waitForAll: number("quorum.wait_for_all").map { $0 != 0 },
            autoTieBreaker: flag("auto_tie_breaker"), autoTieBreakerNode: map["quorum.auto_tie_breaker_node"]?.text,
            lastManStanding: flag("last_man_standing"),
            lastManStandingWindow: number("quorum.last_man_standing_window") ?? 10_000,
            expectedVotesTracking: flag("expected_votes_tracking"), allowDownscale: flag("allow_downscale"),
            device: nil, storedTrackingBarrier: storedTrackingBarrier)
        if let model = map["quorum.device.model"]?.text, !model.isEmpty {
            device = Device(
                votes: number("quorum.device.votes"), timeout: number("quorum.device.timeout") ?? 10_000,
                syncTimeout: number("quorum.device.sync_timeout") ?? 30_000)
        }
    }

    /// The nodes by position, each with its votes.
    private static func nodes(_ map: ClusterMap) -> [NodeVotes] {
        let prefix = "nodelist.node."
        var byPosition: [(position: UInt32, node: NodeVotes)] = []
        for entry in map.entries(withPrefix: prefix) where entry.name.hasSuffix(".nodeid") {
            let position = entry.name.dropFirst(prefix.count).dropLast(".nodeid".count)
            guard let number = UInt32(position), let id = entry.value.unsigned else { continue }
            let votes = map["\(prefix)\(position).quorum_votes"]?.unsigned ?? 1
            let node = NodeVotes(NodeID(UInt32(clamping: id)), votes: UInt32(clamping: votes))
            byPosition.append((number, node))
        }
        return byPosition.sorted { $0.position < $1.position }.map(\.node)
    }
}
