/// What a running node does not take over from a new text of its file.
extension ConfigurationDocument {
    /// What of the file counts at the next start only, compared with the running configuration: keys that a running node
    /// does not take over, and one without which none starts. Corosync accepts the file without a word. Asked before
    /// `keepUnchangeable`.
    public func waitingForStart(since running: ConfigurationDocument) -> [ConfigurationWarning] {
        var found: [ConfigurationWarning] = []
        if entries["totem.version"] == nil {
            found.append(
                ConfigurationWarning(
                    "the file has no totem.version: this node goes on, but none starts with it.", key: "totem.version",
                    origin: record.place, remedy: "write 'version: 2' in section totem"))
        }
        let transport = running.entries.text("totem.transport") ?? Transport.knet.rawValue
        let all = Set(entries.all.map(\.key)).union(running.entries.all.map(\.key)).sorted(by: byteOrder)
        for key in all {
            let (new, old) = (entries[key], running.entries[key])
            guard new?.value != old?.value, new?.origin != nil || old?.origin != nil,
                let description = KeyTable.description(forMapKey: key)
            else { continue }
            let separates = Self.separates(description.path, transport)
            guard separates || description.change == .startOnly else { continue }
            func said(_ entry: ConfigurationEntry?) -> String { entry.map { "\"\($0.value)\"" } ?? "not set" }
            found.append(
                ConfigurationWarning(
                    "\(key) was \(said(old)) and is \(said(new)): that counts from the next start of this node on.",
                    weight: separates ? .warning : .note, key: key, origin: new?.origin ?? record.place,
                    remedy: separates
                        ? "stop all nodes, then start them: those of different ports or groups do not hear each other"
                        : "restart the node when it suits"))
        }
        return found
    }

    /// Whether nodes that have different values do not hear each other, and a running node does not follow: only knet moves
    /// a link to another port, and only udp has groups.
    private static func separates(_ key: String, _ transport: String) -> Bool {
        switch key {
        case "totem.interface.mcastport": transport != Transport.knet.rawValue
        case "totem.interface.mcastaddr", "totem.interface.broadcast": transport == Transport.udp.rawValue
        default: false
        }
    }
}
