/// The keys under `stats.srp.`, each by its last part.
enum RingStatistic: String, Sendable, CaseIterable {
    case orfTokenTx = "orf_token_tx"
    case orfTokenRx = "orf_token_rx"
    case membMergeDetectTx = "memb_merge_detect_tx"
    case membMergeDetectRx = "memb_merge_detect_rx"
    case membJoinTx = "memb_join_tx"
    case membJoinRx = "memb_join_rx"
    case mcastTx = "mcast_tx"
    case mcastRetx = "mcast_retx"
    case mcastRx = "mcast_rx"
    case membCommitTokenTx = "memb_commit_token_tx"
    case membCommitTokenRx = "memb_commit_token_rx"
    case tokenHoldCancelTx = "token_hold_cancel_tx"
    case tokenHoldCancelRx = "token_hold_cancel_rx"
    case operationalEntered = "operational_entered"
    case operationalTokenLost = "operational_token_lost"
    case gatherEntered = "gather_entered"
    case gatherTokenLost = "gather_token_lost"
    case commitEntered = "commit_entered"
    case commitTokenLost = "commit_token_lost"
    case recoveryEntered = "recovery_entered"
    case recoveryTokenLost = "recovery_token_lost"
    case consensusTimeouts = "consensus_timeouts"
    case rxMsgDropped = "rx_msg_dropped"
    case timeSinceTokenLastReceived = "time_since_token_last_received"
    case continuousGather = "continuous_gather"
    case continuousSendmsgFailures = "continuous_sendmsg_failures"
    case mttRxToken = "mtt_rx_token"
    case avgTokenWorkload = "avg_token_workload"
    case avgBacklogCalc = "avg_backlog_calc"
    case firewallEnabledOrNicFailure = "firewall_enabled_or_nic_failure"

    var key: String { "stats.srp." + rawValue }

    /// The value in `now`; what counts up starts from where it stood in `base`, when it was last cleared.
    func value(_ now: RingStatistics, since base: RingStatistics) -> MapValue {
        switch self {
        case .orfTokenTx: .u64(now.orfTokenTx &- base.orfTokenTx)
        case .orfTokenRx: .u64(now.orfTokenRx &- base.orfTokenRx)
        case .membMergeDetectTx: .u64(now.membMergeDetectTx &- base.membMergeDetectTx)
        case .membMergeDetectRx: .u64(now.membMergeDetectRx &- base.membMergeDetectRx)
        case .membJoinTx: .u64(now.membJoinTx &- base.membJoinTx)
        case .membJoinRx: .u64(now.membJoinRx &- base.membJoinRx)
        case .mcastTx: .u64(now.mcastTx &- base.mcastTx)
        case .mcastRetx: .u64(now.mcastRetx &- base.mcastRetx)
        case .mcastRx: .u64(now.mcastRx &- base.mcastRx)
        case .membCommitTokenTx: .u64(now.membCommitTokenTx &- base.membCommitTokenTx)
        case .membCommitTokenRx: .u64(now.membCommitTokenRx &- base.membCommitTokenRx)
        case .tokenHoldCancelTx: .u64(now.tokenHoldCancelTx &- base.tokenHoldCancelTx)
        case .tokenHoldCancelRx: .u64(now.tokenHoldCancelRx &- base.tokenHoldCancelRx)
        case .operationalEntered: .u64(now.operationalEntered &- base.operationalEntered)
        case .operationalTokenLost: .u64(now.operationalTokenLost &- base.operationalTokenLost)
        case .gatherEntered: .u64(now.gatherEntered &- base.gatherEntered)
        case .gatherTokenLost: .u64(now.gatherTokenLost &- base.gatherTokenLost)
        case .commitEntered: .u64(now.commitEntered &- base.commitEntered)
        case .commitTokenLost: .u64(now.commitTokenLost &- base.commitTokenLost)
        case .recoveryEntered: .u64(now.recoveryEntered &- base.recoveryEntered)
        case .recoveryTokenLost: .u64(now.recoveryTokenLost &- base.recoveryTokenLost)
        case .consensusTimeouts: .u64(now.consensusTimeouts &- base.consensusTimeouts)
        case .rxMsgDropped: .u64(now.rxMsgDropped &- base.rxMsgDropped)
        case .timeSinceTokenLastReceived: .u64(now.timeSinceTokenLastReceived)
        case .continuousGather: .u32(now.continuousGather)
        case .continuousSendmsgFailures: .u32(now.continuousSendmsgFailures)
        case .mttRxToken: .u32(now.mttRxToken)
        case .avgTokenWorkload: .u32(now.avgTokenWorkload)
        case .avgBacklogCalc: .u32(now.avgBacklogCalc)
        case .firewallEnabledOrNicFailure: .u8(now.firewallEnabledOrNicFailure ? 1 : 0)
        }
    }
}
