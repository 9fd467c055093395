import Basics
import TotemWire

/// What the quorum service tells its local clients (spec: ipc.md 9).
public enum QuorumEvent: Sendable, Equatable {
    /// To clients of model 1, when the new membership is in force.
    case nodeList(QuorumNodeList)
    /// To clients of both models: the provider has decided.
    case quorum(QuorumView)
}

/// The membership after a synchronisation, relative to the one before.
public struct QuorumNodeList: Sendable, Equatable {
    public var ringID: RingID
    public var members: [NodeID]
    public var joined: [NodeID]
    public var left: [NodeID]
}

/// A decision of the quorum provider.
public struct QuorumView: Sendable, Equatable {
    public var isQuorate: Bool
    /// Ring of the last decision; `RingID.none` before the first and without provider.
    public var ringID: RingID
    public var members: [NodeID]
}

/// The two ways of speaking to quorum clients; the second also reports joined and left nodes.
public enum QuorumModel: UInt32, Sendable {
    case v0 = 0
    case v1 = 1
}

/// What a client wants to hear of.
public struct QuorumTracking: OptionSet, Sendable, Hashable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The present state, once.
    public static let current = QuorumTracking(rawValue: 1)
    /// The present state, then every change.
    public static let changes = QuorumTracking(rawValue: 2)
    /// Every change from now on.
    public static let changesOnly = QuorumTracking(rawValue: 4)

    var wantsState: Bool { !isDisjoint(with: [.current, .changes]) }
    var wantsChanges: Bool { !isDisjoint(with: [.changes, .changesOnly]) }
}
