/// What the configuration service tells its local clients (spec: ipc.md 7).
public enum ConfigurationEvent: Sendable, Equatable {
    /// May this node be shut down? Answer with `replyToShutdown`.
    case testShutdown(ShutdownFlags)
    /// The late answer to the client's own `tryShutdown`: `nil` is agreement.
    case shutdownDecided(ClientError?)
}

/// How urgently a client wants the shutdown.
public enum ShutdownFlags: UInt32, Sendable {
    /// Ask the trackers; any of them can refuse.
    case request = 0
    /// Ask the trackers, then do it whatever they say.
    case regardless = 1
    /// Do not ask.
    case immediate = 2
}
