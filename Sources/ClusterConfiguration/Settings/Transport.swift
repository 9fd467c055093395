/// How packets travel between the nodes (`totem.transport`).
public enum Transport: String, Sendable, Hashable, CaseIterable {
    /// Multicast or broadcast UDP.
    case udp
    /// UDP to each member.
    case udpu
    /// libknet: several links, encryption, compression.
    case knet

    /// The packet size before the room for two message headers is subtracted, when `totem.netmtu` is not given.
    public var defaultMTU: UInt32 { self == .knet ? 65536 : 1500 }

    static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> Transport {
        guard let entry = entries["totem.transport"] else { return .knet }
        let word = entry.value.text ?? ""
        guard let transport = Transport(rawValue: word) else {
            throw ConfigurationError(
                "Invalid transport type. Should be udpu, udp or knet", origin: entry.origin, key: entry.key,
                value: word, permitted: "knet, udp, udpu", remedy: "correct the word, or remove the line for knet")
        }
        return transport
    }
}
