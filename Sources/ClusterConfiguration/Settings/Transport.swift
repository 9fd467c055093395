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

/// How knet uses several links at once (`totem.link_mode`).
public enum LinkMode: String, Sendable, Hashable {
    case passive, active
    case roundRobin = "rr"

    /// The word as written; only its length is checked here, its meaning after the timings.
    static func readText(_ entries: ConfigurationEntries) throws(ConfigurationError) -> String {
        guard let entry = entries["totem.link_mode"] else { return LinkMode.passive.rawValue }
        let text = entry.value.text ?? ""
        guard text.utf8.count < 64 else {
            throw ConfigurationError(
                "totem.link_mode is too long", origin: entry.origin, key: entry.key, value: text,
                permitted: "passive, active, rr", remedy: "correct the word, or remove the line for passive")
        }
        return text
    }
}
