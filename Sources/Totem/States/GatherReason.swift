/// Why a ring goes (back) to forming its membership; the raw value is the number in the debug log (spec: totem.md 8.1).
public enum GatherReason: UInt8, Sendable, CaseIterable {
    case consensusTimeout = 0
    case tokenLostInOperational = 2
    case consensusExpired = 3
    case tokenLostInCommit = 4
    case tokenLostInRecovery = 5
    case failedToReceive = 6
    case foreignMessageInOperational = 7
    case foreignMessageInGather = 8
    case mergeInOperational = 9
    case mergeInGather = 10
    case mergeDuringJoin = 11
    case joinInOperational = 12
    case joinInCommit = 13
    case joinInRecovery = 14
    case interfaceChange = 15
    /// Not one of Corosync's.
    case accusation = 16

    /// The text the debug log has in parentheses.
    public var text: String {
        switch self {
        case .consensusTimeout: "consensus timeout"
        case .tokenLostInOperational: "The token was lost in the OPERATIONAL state."
        case .consensusExpired: "The consensus timeout expired."
        case .tokenLostInCommit: "The token was lost in the COMMIT state."
        case .tokenLostInRecovery: "The token was lost in the RECOVERY state."
        case .failedToReceive: "failed to receive"
        case .foreignMessageInOperational: "foreign message in operational state"
        case .foreignMessageInGather: "foreign message in gather state"
        case .mergeInOperational: "merge during operational state"
        case .mergeInGather: "merge during gather state"
        case .mergeDuringJoin: "merge during join"
        case .joinInOperational: "join during operational state"
        case .joinInCommit: "join during commit state"
        case .joinInRecovery: "join during recovery"
        case .interfaceChange: "interface change"
        case .accusation: "a member is gone"
        }
    }
}
