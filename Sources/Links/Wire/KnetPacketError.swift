/// Why received bytes are no packet of knet. The cases bear no figures, so that each can be counted.
public enum KnetPacketError: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Fewer bytes than it takes to know the kind of packet.
    case shortHeader
    /// Another version than 1.
    case version
    /// A type that does not exist.
    case type
    case shortData
    case shortPing
    case shortPong
    case shortProbe
    case shortProbeReply
    /// A link number above 7. Others take it modulo 8, and so believe what is said of a link that does not exist.
    case link
    /// Data with sequence number 0, which no sender uses.
    case sequence

    public var description: String {
        switch self {
        case .shortHeader: "too short for a header"
        case .version: "another version than 1"
        case .type: "unknown type"
        case .shortData: "data too short"
        case .shortPing: "ping too short"
        case .shortPong: "pong too short"
        case .shortProbe: "MTU probe too short"
        case .shortProbeReply: "MTU reply too short"
        case .link: "link number above 7"
        case .sequence: "data with sequence number 0"
        }
    }

    /// What a packet of this kind that lacks bytes is refused for.
    init(short type: KnetPacketType) {
        self =
            switch type {
            case .data: .shortData
            case .ping: .shortPing
            case .pong: .shortPong
            case .probe: .shortProbe
            case .probeReply: .shortProbeReply
            }
    }
}
