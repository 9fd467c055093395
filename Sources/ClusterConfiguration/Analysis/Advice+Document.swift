extension ConfigurationDocument {
    /// What in the text is likely not what was meant, apart from the timings.
    public var advice: [Advice] {
        warnings.map {
            Advice(.warning, "configuration", origin: $0.origin, $0.text, remedy: $0.remedy ?? "correct the file")
        } + misspelled + mtuAdvice
    }

    private var misspelled: [Advice] {
        entries.all.compactMap { entry in
            if let suggestion = KeyTable.suggestion(forMapKey: entry.key) {
                return Advice(
                    .warning, entry.key, origin: entry.origin, "\(entry.key) is not a known key and has no effect.",
                    remedy: "write \(suggestion) if that was meant")
            }
            let parts = entry.key.split(separator: ".")
            guard parts.count == 2, parts.first == "totem", KeyTable.description(forMapKey: entry.key) == nil else {
                return nil
            }
            return Advice(
                .note, entry.key, origin: entry.origin, "\(entry.key) is not a known key and has no effect.",
                remedy: "remove the line")
        }
    }

    private var mtuAdvice: [Advice] {
        guard let entry = entries["totem.netmtu"], let mtu = entry.value.asU32, mtu != 0 else { return [] }
        let isKnet = (entries.text("totem.transport") ?? "knet") == "knet"
        let largest: UInt32 = isKnet ? 65536 : 65507
        if mtu < 576 || mtu > largest {
            return [
                Advice(
                    .warning, entry.key, origin: entry.origin, "netmtu \(mtu) is outside of what packets can be.",
                    remedy: "keep totem.netmtu within 576..\(largest), or remove it")
            ]
        }
        guard !isKnet, mtu > 1500 else { return [] }
        return [
            Advice(
                .note, entry.key, origin: entry.origin,
                "netmtu \(mtu) needs jumbo frames on every node and switch; elsewhere packets are fragmented.",
                remedy: "remove totem.netmtu unless the whole network carries them")
        ]
    }
}
