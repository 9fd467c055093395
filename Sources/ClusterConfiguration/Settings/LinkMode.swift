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
