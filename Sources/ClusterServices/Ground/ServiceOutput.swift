import Basics
import ClusterMap
import Totem
import TotemWire

/// What the services want done, in the order in which it must be done.
public enum ServiceOutput: Sendable, Equatable {
    /// Send to all nodes, this one included. Order is kept and the message is never refused: it stands for a decision
    /// already taken, so it bypasses flow control.
    case multicast(MessageGroup, [UInt8])
    case log(LogLine)
    case map(MapChange)
    case event(ServiceEvent)
    /// Something for one local client, in the order in which the client must see it.
    case notify(ConnectionID, ClientNotification)
}

/// What the owner of the engine has to know.
public enum ServiceEvent: Sendable, Equatable {
    /// A membership change was reported; requests that need flow control wait until completion.
    case synchronizationStarted
    /// All services agree with the new membership: the ring may send held messages again, local clients are served.
    case synchronizationCompleted
    /// This node shall leave: unload the services, then let the ring say goodbye.
    case shutdownRequested(ShutdownReason)
    /// Another node ordered this one to stop at once, without a leave message.
    case killed(by: NodeID, reason: String)
    /// Read the configuration file again. `request` is what `requestReload` returned, when this node asked.
    case reloadRequested(by: NodeID, request: UInt64?)
    /// A node's step of a key change: 1 sends with the new key, 2 forgets the old one (spec: services.md 4).
    case cryptoPhase(UInt32, of: NodeID)
    /// Local requests are (not) to be treated as those of a quorate node.
    case quorateChanged(Bool)
    /// Keep this number for the next start of the daemon (spec: services.md 6.8, expected_votes_tracking).
    case storeTrackingBarrier(UInt32)
    /// Measure this and report it with `ServiceEngine.measured`.
    case measure(MonitoredResource)
    case watchdog(WatchdogOrder)
    /// Close the service's socket: its clients are disconnected.
    case unloaded(ServiceID)
    /// All services are unloaded and their last messages sent.
    case allUnloaded
}

public enum ShutdownReason: Sendable, Equatable {
    /// A local client asked, and nobody objected.
    case administrator
    /// This node's configuration is older than the cluster's.
    case configVersion(mine: UInt64, highest: UInt64)
}

/// Events and late answers for local clients.
public enum ClientNotification: Sendable, Equatable {
    case processGroup(ProcessGroupEvent)
    case quorum(QuorumEvent)
    case voteQuorum(VoteQuorumEvent)
}

/// A key of the configuration map that a service sets or removes.
public struct MapChange: Sendable, Equatable {
    public var key: String
    /// `nil` removes the key.
    public var value: MapValue?

    public init(_ key: String, _ value: MapValue?) {
        self.key = key
        self.value = value
    }
}
