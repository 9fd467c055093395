import Basics
import ClientProtocol
import ClusterServices
import Links
import TotemWire

/// What the engine wants its shell to do, in order.
public enum EngineDirective: Sendable, Equatable {
    case log(LogLine)
    /// Give a local client its event or late response.
    case send(ClientMessage)
    /// Take a service's requests at another speed.
    case setRate(RequestRate, LocalService)
    /// Programs are to multicast nothing to their process groups, or may again; their other requests are taken all the same.
    case holdMulticasts(Bool)
    /// A synchronisation has completed: local programs may connect from the first one on, and the service manager is
    /// told that the node is ready.
    case ready
    /// Close a service's socket.
    case stopService(LocalService)
    /// Read the configuration again and give it to `reconfigure`, or report the failure to `reloadFailed`.
    case reload
    case reopenLogs
    /// Every member is done with a change of keys: another may begin.
    case keysChanged
    /// What lies in slots that hold no key any more is to be wiped.
    case oldKeyGone
    /// Keep this number for the next start (`expected_votes_tracking`).
    case storeTrackingBarrier(UInt32)
    /// Measure this and report it with `ClusterEngine.measured`.
    case measure(MonitoredResource)
    case watchdog(WatchdogOrder)
    /// Ask the machine of a node whether it is there, at each of its addresses, and report its answer with
    /// `ClusterEngine.machineAnswered`.
    case askMachine(NodeID)
    /// Open a socket for links with this own address.
    case openSocket(SocketNumber, SocketAddress)
    case closeSocket(SocketNumber)
    /// `totem.block_unlisted_ips` as it is now.
    case blockUnlistedAddresses(Bool)
    /// A client changed a `logging.` key: read the logging settings from the map again.
    case loggingChanged
    /// Send what waits to be sent, then end.
    case exit(ExitReason)
}

/// How the node's life ends.
public enum ExitReason: Sendable, Equatable {
    /// In order, after a leave message.
    case left
    /// At once, ordered by another node, without a leave message (spec: services.md 4).
    case killed(by: NodeID, reason: String)
}
