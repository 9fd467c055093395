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

    /// The value when nothing is given, yes and no as 1 and 0; nil for those that are derived from others.
    public var defaultValue: UInt32? { Self.facts[self]?.defaultValue }

    public var unit: Unit { Self.facts[self]?.unit ?? .none }

    /// What the table of keys says.
    private static let facts: [TimingParameter: (defaultValue: UInt32?, unit: Unit)] = {
        var facts: [TimingParameter: (defaultValue: UInt32?, unit: Unit)] = [:]
        for parameter in allCases {
            guard let description = KeyTable.description(forPath: parameter.key) else { continue }
            let words: [String: UInt32] = ["yes": 1, "no": 0]
            let text = description.defaultValue
            facts[parameter] = (words[text] ?? UInt32(text), description.unit)
        }
        return facts
    }()

    /// Whether 0 is a value of its own; for all others it asks for the default.
    var allowsZero: Bool {
        switch self {
        case .tokenCoefficient, .tokenWarning, .sendJoin, .knetCompressionThreshold, .knetCompressionLevel: true
        default: false
        }
    }
}
