/// The ring's figures at one moment, under `stats.srp.` (spec: configuration.md 8.2).
///
/// Counters are those since the ring's start; clearing them is the map's affair, the ring keeps counting.
public struct RingStatistics: Sendable, Equatable {
    public var orfTokenTx: UInt64 = 0
    public var orfTokenRx: UInt64 = 0
    public var membMergeDetectTx: UInt64 = 0
    public var membMergeDetectRx: UInt64 = 0
    public var membJoinTx: UInt64 = 0
    public var membJoinRx: UInt64 = 0
    public var mcastTx: UInt64 = 0
    public var mcastRetx: UInt64 = 0
    public var mcastRx: UInt64 = 0
    public var membCommitTokenTx: UInt64 = 0
    public var membCommitTokenRx: UInt64 = 0
    public var tokenHoldCancelTx: UInt64 = 0
    public var tokenHoldCancelRx: UInt64 = 0
    public var operationalEntered: UInt64 = 0
    public var operationalTokenLost: UInt64 = 0
    public var gatherEntered: UInt64 = 0
    public var gatherTokenLost: UInt64 = 0
    public var commitEntered: UInt64 = 0
    public var commitTokenLost: UInt64 = 0
    public var recoveryEntered: UInt64 = 0
    public var recoveryTokenLost: UInt64 = 0
    public var consensusTimeouts: UInt64 = 0
    public var rxMsgDropped: UInt64 = 0
    /// Milliseconds.
    public var timeSinceTokenLastReceived: UInt64 = 0
    public var continuousGather: UInt32 = 0
    public var continuousSendmsgFailures: UInt32 = 0
    /// Mean time between tokens, in milliseconds.
    public var mttRxToken: UInt32 = 0
    public var avgTokenWorkload: UInt32 = 0
    public var avgBacklogCalc: UInt32 = 0
    public var firewallEnabledOrNicFailure: Bool = false

    public init() {}
}

/// The send queue's figures at one moment, under `stats.pg.`.
public struct GroupStatistics: Sendable, Equatable {
    /// Bytes that could be queued now.
    public var msgQueueAvail: UInt32 = 0
    /// Bytes reserved for requests being handled.
    public var msgReserved: UInt32 = 0

    public init() {}
}

/// What the statistics map is told from outside: plain numbers, taken at one moment.
public struct StatisticsSnapshot: Sendable, Equatable {
    public var ring = RingStatistics()
    public var groups = GroupStatistics()

    public init() {}
}
