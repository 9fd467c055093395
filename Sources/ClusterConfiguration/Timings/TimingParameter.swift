/// A value of section `totem` that the ring works with, given or derived (spec: configuration.md 5.1).
///
/// The raw value is the name of the key below `totem.` and, except for the coefficient, below `runtime.config.totem.`.
public enum TimingParameter: String, Sendable, Hashable, CaseIterable {
    case retransmitsBeforeLoss = "token_retransmits_before_loss_const"
    case token
    case tokenCoefficient = "token_coefficient"
    case tokenWarning = "token_warning"
    case maxNetworkDelay = "max_network_delay"
    case windowSize = "window_size"
    case maxMessages = "max_messages"
    case missCountConst = "miss_count_const"
    case knetPathMTUInterval = "knet_pmtud_interval"
    case knetMTU = "knet_mtu"
    case tokenRetransmit = "token_retransmit"
    case hold
    case join
    case consensus
    case merge
    case downcheck
    case failRecvConst = "fail_recv_const"
    case seqnoUnchangedConst = "seqno_unchanged_const"
    case sendJoin = "send_join"
    case heartbeatFailuresAllowed = "heartbeat_failures_allowed"
    case knetCompressionThreshold = "knet_compression_threshold"
    case knetCompressionLevel = "knet_compression_level"
    case knetCompressionModel = "knet_compression_model"
    case blockUnlistedIPs = "block_unlisted_ips"
    case cancelTokenHoldOnRetransmit = "cancel_token_hold_on_retransmit"

    /// The key in the configuration, such as `totem.token`.
    public var key: String { "totem.\(rawValue)" }

    /// The key under which the value in use is published; nil for the coefficient, which is not.
    public var runtimeKey: String? { self == .tokenCoefficient ? nil : "runtime.config.totem.\(rawValue)" }

    /// The value when nothing is given; nil for those that are derived from others.
    public var defaultValue: UInt32? {
        switch self {
        case .retransmitsBeforeLoss: 4
        case .token: 3000
        case .tokenCoefficient: 650
        case .tokenWarning: 75
        case .maxNetworkDelay, .join, .windowSize: 50
        case .maxMessages: 17
        case .missCountConst: 5
        case .knetPathMTUInterval, .seqnoUnchangedConst: 30
        case .merge: 200
        case .downcheck: 1000
        case .failRecvConst: 2500
        case .knetMTU, .sendJoin, .heartbeatFailuresAllowed, .knetCompressionThreshold, .knetCompressionLevel: 0
        case .blockUnlistedIPs: 1
        case .cancelTokenHoldOnRetransmit: 0
        case .tokenRetransmit, .hold, .consensus, .knetCompressionModel: nil
        }
    }

    /// Whether 0 is a value of its own; for all others it asks for the default.
    var allowsZero: Bool {
        switch self {
        case .tokenCoefficient, .tokenWarning, .sendJoin, .knetCompressionThreshold, .knetCompressionLevel: true
        default: false
        }
    }

    public var unit: Unit {
        switch self {
        case .token, .tokenCoefficient, .maxNetworkDelay, .tokenRetransmit, .hold, .join, .consensus, .merge,
            .downcheck, .sendJoin:
            .milliseconds
        case .tokenWarning: .percent
        case .knetPathMTUInterval: .seconds
        case .knetMTU, .knetCompressionThreshold: .bytes
        default: .none
        }
    }
}
