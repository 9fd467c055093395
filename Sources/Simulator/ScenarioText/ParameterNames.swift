import Totem

/// The ring's parameters by the names they have in corosync.conf, as far as they have one there.
enum ParameterNames {
    static let durations: [(String, WritableKeyPath<RingParameters, UInt32> & Sendable)] = [
        ("token", \.token), ("token_retransmit", \.tokenRetransmit), ("hold", \.hold), ("join", \.join),
        ("consensus", \.consensus), ("merge", \.merge), ("max_network_delay", \.maxNetworkDelay),
        ("beat", \.beat), ("silence", \.silence),
    ]

    static let numbers: [(String, WritableKeyPath<RingParameters, UInt32> & Sendable)] = [
        ("token_warning", \.tokenWarning), ("fail_recv_const", \.failToReceiveConstant),
        ("seqno_unchanged_const", \.sequenceUnchangedConstant), ("miss_count_const", \.missCountConstant),
        ("window_size", \.windowSize), ("max_messages", \.maxMessages),
        ("heartbeat_failures_allowed", \.heartbeatFailuresAllowed), ("first_number", \.sequenceStart),
    ]

    /// With the values they may have.
    static let sizes: [(String, WritableKeyPath<RingParameters, Int> & Sendable, ClosedRange<Int>)] = [
        ("netmtu", \.netMTU, 256...65_507), ("maximum_datagram", \.maximumDatagram, 1500...65_507),
    ]

    static let holdCancelling = "cancel_token_hold_on_retransmit"
}
