/// Counters of one ring machine since its start, named as in the statistics map (`stats.srp.*`, spec: totem.md 18).
public struct RingStatistics: Sendable, Equatable {
    public var orfTokenTx: UInt64 = 0
    public var orfTokenRx: UInt64 = 0
    public var mergeDetectTx: UInt64 = 0
    public var mergeDetectRx: UInt64 = 0
    public var joinTx: UInt64 = 0
    public var joinRx: UInt64 = 0
    public var mcastTx: UInt64 = 0
    public var mcastRetransmitted: UInt64 = 0
    public var mcastRx: UInt64 = 0
    public var commitTokenTx: UInt64 = 0
    public var commitTokenRx: UInt64 = 0
    public var holdCancelTx: UInt64 = 0
    public var holdCancelRx: UInt64 = 0
    public var operationalEntered: UInt64 = 0
    public var operationalTokenLost: UInt64 = 0
    public var gatherEntered: UInt64 = 0
    public var gatherTokenLost: UInt64 = 0
    public var commitEntered: UInt64 = 0
    public var commitTokenLost: UInt64 = 0
    public var recoveryEntered: UInt64 = 0
    public var recoveryTokenLost: UInt64 = 0
    public var consensusTimeouts: UInt64 = 0
    /// Times that members were counted as failed by evidence, before any timeout.
    public var accusations: UInt64 = 0
    /// Times that this node gave up its ring before any timeout, cut off or counted as failed.
    public var ringsGivenUp: UInt64 = 0
    public var beatTx: UInt64 = 0
    public var beatRx: UInt64 = 0
    /// Packets to members that the machines they were for have refused.
    public var refusals: UInt64 = 0
    /// Datagrams and messages refused, for whatever reason.
    public var receivedDropped: UInt64 = 0
    /// Times that all links to a member were lost, where links carry the packets.
    public var linksLost: UInt64 = 0
    /// Attempts in a row that agreed on a membership and then saw no commit token.
    public var continuousGather: UInt32 = 0
    public var continuousSendFailures: UInt32 = 0
    public var firewallEnabledOrNicFailure = false
    /// Mean milliseconds between two tokens, over the last hundred.
    public var meanTokenInterval: UInt32 = 0
    /// Mean milliseconds from the receipt of a token to its departure.
    public var meanTokenWorkload: UInt32 = 0
    /// Mean number of own frames that waited when a token came.
    public var meanBacklog: UInt32 = 0
    /// Milliseconds since the last token, as of the last periodic update.
    public var sinceLastToken: UInt64 = 0
    /// Token visits on rings of this machine, accepted ones only.
    public var tokensAccepted: UInt64 = 0

    public init() {}
}
