import Basics

/// Values that are accepted and mean something else than they seem to say.
struct TakenOtherwise {
    let entries: ConfigurationEntries

    var warnings: [ConfigurationWarning] {
        entries.all.flatMap { entry in
            entry.origin == nil || entry.origin?.file == Origin.override.file ? [] : all(entry)
        } + sameNames
    }

    private func all(_ entry: ConfigurationEntry) -> [ConfigurationWarning] {
        [address(entry), quotes(entry), encoding(entry), zero(entry), version(entry), size(entry), obsolete(entry)]
            .compactMap { $0 }
    }

    private func warning(
        _ entry: ConfigurationEntry, _ text: String, _ weight: Advice.Weight = .warning, remedy: String
    ) -> ConfigurationWarning {
        ConfigurationWarning(text, weight: weight, key: entry.key, origin: entry.origin, remedy: remedy)
    }

    private func isOfNode(_ key: String) -> Bool { key.hasPrefix("nodelist.node.") }

    /// Addresses in a spelling that only the name service understands, and those with an interface.
    private func address(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard isOfNode(entry.key), entry.key.hasSuffix("_addr"), let text = entry.value.text else { return nil }
        if let address = AddressText.otherSpelling(text) {
            return warning(
                entry,
                "\(text) is taken for \(address): a leading zero makes a number octal, 0x hexadecimal, and the "
                    + "last of too few numbers fills the rest.",
                remedy: spelling(text, takenFor: address))
        }
        guard let zone = text.firstIndex(of: "%"), IPAddress(String(text[..<zone])) != nil else { return nil }
        return warning(
            entry, "\(text) names an interface, which is left out: the address alone does not say where it is.",
            remedy: "give every node an address of its own network, not a link-local one")
    }

    private func spelling(_ text: String, takenFor address: IPAddress) -> String {
        guard let plain = AddressText.withoutLeadingZeros(text), plain != address else {
            return "write \(address) if that was meant"
        }
        return "write \(plain) if the zeros in front were to say nothing, \(address) if they were meant"
    }

    /// Quotes are part of a value.
    private func quotes(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard let text = entry.value.text, text.count > 1, let first = text.first, first == text.last,
            first == "\"" || first == "'", KeyTable.description(forMapKey: entry.key) != nil, entry.key != "totem.key"
        else { return nil }
        return warning(
            entry, "\(entry.key) is \(text): the quotes are part of the value.",
            remedy: "write it without quotes: \(text.dropFirst().dropLast())")
    }

    /// Values that are not UTF-8, of keys that people read.
    private func encoding(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard case .string(let bytes) = entry.value, let first = bytes.first(where: { $0 > 0x7F }),
            KeyTable.description(forMapKey: entry.key) != nil, entry.key != "totem.key",
            String(validating: bytes, as: UTF8.self) == nil
        else { return nil }
        return warning(
            entry,
            "\(entry.key) is no UTF-8 (byte \(LookAlikes.hexadecimal(UInt32(first), digits: 2))): tools show it in "
                + "their own ways.", remedy: "save the file as UTF-8, or use plain letters")
    }

    /// 0 where it asks for something else.
    private func zero(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard entry.value.asU32 == 0 else { return nil }
        if isOfNode(entry.key), entry.key.hasSuffix(".nodeid") {
            return warning(
                entry, "nodeid 0 counts as none: the id is made of the node's IPv4 address.",
                remedy: "give the node a number from 1 on")
        }
        guard entry.key.hasPrefix("totem."), let parameter = TimingParameter(rawValue: String(entry.key.dropFirst(6))),
            !parameter.allowsZero, parameter.defaultValue != 0
        else { return nil }
        let standard = parameter.defaultValue.map { "the default, \($0)" } ?? "the value that is derived"
        return warning(entry, "\(entry.key) 0 asks for \(standard).", .note, remedy: "remove the line")
    }

    /// A negative version is a huge one.
    private func version(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard entry.key == "totem.config_version", case .u64(let number) = entry.value, number > UInt64(Int64.max)
        else {
            return nil
        }
        return warning(
            entry,
            "config_version is taken for \(number), which no later version of the file can exceed: nodes with "
                + "another one leave.", remedy: "count versions up from 1")
    }

    /// Packets of a size that none can have.
    private func size(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard entry.key == "totem.netmtu", let mtu = entry.value.asU32, mtu != 0 else { return nil }
        let range = PacketSize.range(isKnet: (entries.text("totem.transport") ?? "knet") == "knet")
        guard !range.contains(mtu) else { return nil }
        return warning(
            entry, "netmtu \(mtu) is outside of what packets can be.",
            remedy: "keep totem.netmtu within \(range.lowerBound)..\(range.upperBound), or remove it")
    }

    private func obsolete(_ entry: ConfigurationEntry) -> ConfigurationWarning? {
        guard let description = KeyTable.description(forMapKey: entry.key),
            ["obsolete, ignored", "without effect"].contains(description.meaning)
        else { return nil }
        return warning(entry, "\(entry.key) has no effect.", .note, remedy: "remove the line")
    }

    /// Two nodes that call themselves the same.
    private var sameNames: [ConfigurationWarning] {
        var first: [String: ConfigurationEntry] = [:]
        var found: [ConfigurationWarning] = []
        for entry in entries.all where isOfNode(entry.key) && entry.key.hasSuffix(".name") {
            guard let name = entry.value.text, !name.isEmpty, entry.key.split(separator: ".").count == 4 else {
                continue
            }
            if let other = first[name] {
                found.append(
                    warning(
                        entry,
                        "\(name) is the name of two nodes"
                            + (other.origin.map { ", the other in line \($0.line)" } ?? "")
                            + ": a machine of that name takes itself for the first.",
                        remedy: "give every node a name of its own"))
            } else {
                first[name] = entry
            }
        }
        return found
    }
}
