import Basics
import ClusterMap

/// The `quorum` section and the votes of the node list (spec: configuration.md 3.4, services.md 6.3).
public struct QuorumConfiguration: Sendable, Equatable {
    /// `quorum.provider`; without one the node is always quorate.
    public var provider: String?
    /// Nodes of the node list with their `quorum_votes`; `nil` when this node is not in a node list.
    public var nodes: [NodeVotes]?
    public var expectedVotes: UInt32?
    /// `quorum.votes`: own votes where there is no node list.
    public var votes: UInt32?
    public var twoNode = false
    /// `nil` when not given: then it follows `twoNode`.
    public var waitForAll: Bool?
    public var autoTieBreaker = false
    /// `lowest`, `highest` or a list of node ids separated by blanks.
    public var autoTieBreakerNode: String?
    public var lastManStanding = false
    /// Milliseconds.
    public var lastManStandingWindow = QuorumOption.Default.lastManStandingWindow
    public var expectedVotesTracking = false
    public var allowDownscale = false
    /// `nil` without a quorum device (`quorum.device.model` missing or empty).
    public var device: Device?
    /// The number last given out with `ServiceEvent.storeTrackingBarrier`, 0 when there is none.
    public var storedTrackingBarrier: UInt32 = 0

    public struct NodeVotes: Sendable, Equatable {
        public var nodeID: NodeID
        public var votes: UInt32

        public init(_ nodeID: NodeID, votes: UInt32 = QuorumOption.Default.votes) {
            self.nodeID = nodeID
            self.votes = votes
        }
    }

    public struct Device: Sendable, Equatable {
        /// `nil` when not given: then it has one vote less than the nodes together.
        public var votes: UInt32?
        /// Time within which the device must poll, in milliseconds.
        public var timeout: UInt32
        /// The same during synchronisation, in milliseconds.
        public var syncTimeout: UInt32

        public init(
            votes: UInt32? = nil, timeout: UInt32 = QuorumOption.Default.deviceTimeout,
            syncTimeout: UInt32 = QuorumOption.Default.deviceSyncTimeout
        ) {
            self.votes = votes
            self.timeout = timeout
            self.syncTimeout = syncTimeout
        }
    }

    public init(provider: String? = nil) { self.provider = provider }
}

extension QuorumConfiguration {
    /// What the configuration map says.
    public init(map: ClusterMap, storedTrackingBarrier: UInt32 = 0) {
        func number(_ option: QuorumOption) -> UInt32? { map[option.key]?.unsigned.map { UInt32(clamping: $0) } }
        func flag(_ option: QuorumOption) -> Bool { (number(option) ?? 0) != 0 }
        self.init(provider: map[QuorumOption.provider.key]?.text)
        nodes = map["nodelist.local_node_pos"] == nil ? nil : Self.nodes(map)
        expectedVotes = number(.expectedVotes)
        votes = number(.votes)
        twoNode = flag(.twoNode)
        waitForAll = number(.waitForAll).map { $0 != 0 }
        autoTieBreaker = flag(.autoTieBreaker)
        autoTieBreakerNode = map[QuorumOption.autoTieBreakerNode.key]?.text
        lastManStanding = flag(.lastManStanding)
        lastManStandingWindow = number(.lastManStandingWindow) ?? lastManStandingWindow
        expectedVotesTracking = flag(.expectedVotesTracking)
        allowDownscale = flag(.allowDownscale)
        self.storedTrackingBarrier = storedTrackingBarrier
        if let model = map[QuorumOption.deviceModel.key]?.text, !model.isEmpty {
            var device = Device(votes: number(.deviceVotes))
            device.timeout = number(.deviceTimeout) ?? device.timeout
            device.syncTimeout = number(.deviceSyncTimeout) ?? device.syncTimeout
            self.device = device
        }
    }

    /// The nodes by position, each with its votes.
    private static func nodes(_ map: ClusterMap) -> [NodeVotes] {
        let prefix = "nodelist.node."
        var byPosition: [(position: UInt32, node: NodeVotes)] = []
        for entry in map.entries(withPrefix: prefix) where entry.name.hasSuffix(".nodeid") {
            let position = entry.name.dropFirst(prefix.count).dropLast(".nodeid".count)
            guard let number = UInt32(position), let id = entry.value.unsigned else { continue }
            let votes = map["\(prefix)\(position).quorum_votes"]?.unsigned ?? UInt64(QuorumOption.Default.votes)
            let node = NodeVotes(NodeID(UInt32(clamping: id)), votes: UInt32(clamping: votes))
            byPosition.append((number, node))
        }
        return byPosition.sorted { $0.position < $1.position }.map(\.node)
    }
}
