/// Switches that take any other word than theirs for their default, as Corosync 3.1.7 does without saying so.
struct SilentWords {
    let record: TextRecord
    let entries: ConfigurationEntries

    /// What is taken for every other word, and what follows from it.
    private static let switches: [String: (words: [String], taken: String, consequence: String)] = [
        "totem.secauth": (["on", "off"], "off", ", the ring is neither encrypted nor authenticated by it"),
        "totem.block_unlisted_ips": (["yes", "no"], "yes", ""),
        "totem.cancel_token_hold_on_retransmit": (["yes", "no"], "no", ""),
        "totem.clear_node_high_bit": (["yes", "no"], "no", ""),
    ]

    /// Whether the key has a warning here, which tells what becomes of its value.
    static func isAbout(_ key: String, _ value: String) -> Bool {
        switches[key].map { !$0.words.contains(value) } ?? isBroadcast(key) && value != "yes" && value != "no"
    }

    private static func isBroadcast(_ key: String) -> Bool {
        key.hasPrefix("totem.interface.") && key.hasSuffix(".broadcast")
    }

    /// What to do with secauth where the transport refuses what it asks for.
    private func withoutSeal(_ key: String) -> String? {
        let transport = entries.text("totem.transport") ?? Transport.knet.rawValue
        guard key == "totem.secauth", transport != Transport.knet.rawValue else { return nil }
        return "remove the line: \(transport) neither encrypts nor authenticates"
    }

    var warnings: [ConfigurationWarning] {
        record.keys.compactMap { key in
            guard key.hasPrefix("totem."), let entry = entries[key], entry.origin != nil, let value = entry.value.text,
                Self.isAbout(key, value)
            else { return nil }
            let (words, taken, consequence) = Self.switches[key] ?? (["yes", "no"], "no", "")
            return ConfigurationWarning(
                "\(key) is \"\(value)\", which is neither \(words[0]) nor \(words[1]): \(taken) is taken\(consequence).",
                key: key, origin: entry.origin,
                remedy: withoutSeal(key) ?? ValueAdvice.remedy(for: value, key: key)
                    ?? "write \(words[0]) or \(words[1])")
        }
    }
}
