import ClusterMap
import Totem

/// The figures that a node keeps for the statistics map, at one moment.
package struct NodeFigures: Sendable {
    package var ring = RingStatistics()
    /// Frames for which the send queue has room.
    package var messageQueueAvailable: UInt32 = 0
    /// Frames set aside for the request that is being handled.
    package var messagesReserved: UInt32 = 0

    package init() {}

    /// Where to find a figure, and what it is in the map.
    enum Place: Sendable {
        case counter(any KeyPath<NodeFigures, UInt64> & Sendable)
        case gauge(any KeyPath<NodeFigures, UInt64> & Sendable)
        case smallGauge(any KeyPath<NodeFigures, UInt32> & Sendable)
        case flag(any KeyPath<NodeFigures, Bool> & Sendable)
    }

    /// All of them, each with its key (spec: configuration.md 8.2): the only list of what there is.
    static let table: [(key: String, place: Place)] = [
        ("stats.srp.orf_token_tx", .counter(\.ring.orfTokenTx)),
        ("stats.srp.orf_token_rx", .counter(\.ring.orfTokenRx)),
        ("stats.srp.memb_merge_detect_tx", .counter(\.ring.mergeDetectTx)),
        ("stats.srp.memb_merge_detect_rx", .counter(\.ring.mergeDetectRx)),
        ("stats.srp.memb_join_tx", .counter(\.ring.joinTx)),
        ("stats.srp.memb_join_rx", .counter(\.ring.joinRx)),
        ("stats.srp.mcast_tx", .counter(\.ring.mcastTx)),
        ("stats.srp.mcast_retx", .counter(\.ring.mcastRetransmitted)),
        ("stats.srp.mcast_rx", .counter(\.ring.mcastRx)),
        ("stats.srp.memb_commit_token_tx", .counter(\.ring.commitTokenTx)),
        ("stats.srp.memb_commit_token_rx", .counter(\.ring.commitTokenRx)),
        ("stats.srp.token_hold_cancel_tx", .counter(\.ring.holdCancelTx)),
        ("stats.srp.token_hold_cancel_rx", .counter(\.ring.holdCancelRx)),
        ("stats.srp.operational_entered", .counter(\.ring.operationalEntered)),
        ("stats.srp.operational_token_lost", .counter(\.ring.operationalTokenLost)),
        ("stats.srp.gather_entered", .counter(\.ring.gatherEntered)),
        ("stats.srp.gather_token_lost", .counter(\.ring.gatherTokenLost)),
        ("stats.srp.commit_entered", .counter(\.ring.commitEntered)),
        ("stats.srp.commit_token_lost", .counter(\.ring.commitTokenLost)),
        ("stats.srp.recovery_entered", .counter(\.ring.recoveryEntered)),
        ("stats.srp.recovery_token_lost", .counter(\.ring.recoveryTokenLost)),
        ("stats.srp.consensus_timeouts", .counter(\.ring.consensusTimeouts)),
        ("stats.rondo.accusations", .counter(\.ring.accusations)),
        ("stats.rondo.rings_given_up", .counter(\.ring.ringsGivenUp)),
        ("stats.rondo.beat_tx", .counter(\.ring.beatTx)),
        ("stats.rondo.beat_rx", .counter(\.ring.beatRx)),
        ("stats.rondo.refusals", .counter(\.ring.refusals)),
        ("stats.srp.rx_msg_dropped", .counter(\.ring.receivedDropped)),
        ("stats.srp.time_since_token_last_received", .gauge(\.ring.sinceLastToken)),
        ("stats.srp.continuous_gather", .smallGauge(\.ring.continuousGather)),
        ("stats.srp.continuous_sendmsg_failures", .smallGauge(\.ring.continuousSendFailures)),
        ("stats.srp.mtt_rx_token", .smallGauge(\.ring.meanTokenInterval)),
        ("stats.srp.avg_token_workload", .smallGauge(\.ring.meanTokenWorkload)),
        ("stats.srp.avg_backlog_calc", .smallGauge(\.ring.meanBacklog)),
        ("stats.srp.firewall_enabled_or_nic_failure", .flag(\.ring.firewallEnabledOrNicFailure)),
        ("stats.pg.msg_queue_avail", .smallGauge(\.messageQueueAvailable)),
        ("stats.pg.msg_reserved", .smallGauge(\.messagesReserved)),
    ]

    /// As the statistics map has them, in the table's order.
    package var list: [Figure] {
        Self.table.map { key, place in
            switch place {
            case .counter(let path): Figure(key, .counter, .u64(self[keyPath: path]))
            case .gauge(let path): Figure(key, .gauge, .u64(self[keyPath: path]))
            case .smallGauge(let path): Figure(key, .gauge, .u32(self[keyPath: path]))
            case .flag(let path): Figure(key, .gauge, .u8(self[keyPath: path] ? 1 : 0))
            }
        }
    }
}
