extension Advice {
    public init(_ warning: ConfigurationWarning) {
        self.init(
            warning.weight, warning.key.isEmpty ? "configuration" : warning.key, origin: warning.origin,
            Oddity.visible(warning.text), remedy: warning.remedy ?? "correct the file")
    }
}

extension ConfigurationDocument {
    /// What in the text is likely not what was meant, apart from the timings.
    public var advice: [Advice] {
        warnings.map(Advice.init) + mtuAdvice + linkAdvice
    }

    private var mtuAdvice: [Advice] {
        guard let entry = entries["totem.netmtu"], let mtu = entry.value.asU32, mtu != 0 else { return [] }
        let isKnet = (entries.text("totem.transport") ?? "knet") == "knet"
        guard PacketSize.range(isKnet: isKnet).contains(mtu) else { return [] }
        let whole = PacketSize.wholePacket(mtu, family)
        if !isKnet, mtu <= 1500, whole > 1500 {
            return [
                Advice(
                    .warning, entry.key, origin: entry.origin,
                    "netmtu \(mtu) makes full packets of \(whole) bytes with their IPv6 headers: with an MTU of 1500 each is "
                        + "cut in two.",
                    remedy: "remove totem.netmtu, or set it to at most \(1500 - PacketSize.headers(family))")
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
