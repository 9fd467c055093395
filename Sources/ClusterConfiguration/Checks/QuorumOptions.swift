import Basics

/// Options of section `quorum` that are permitted, but do not do what they seem to say.
struct QuorumOptions {
    let document: ConfigurationDocument

    var warnings: [ConfigurationWarning] { twoNode + exclusive + ignored }

    private var twoNode: [ConfigurationWarning] {
        guard let entry = document.entries[QuorumOption.twoNode.key], entry.value == .u8(1),
            let list = try? NodeList.read(document.entries), list.nodes.count > 2
        else { return [] }
        let waits = document.entries[QuorumOption.waitForAll.key] == nil
        return [
            ConfigurationWarning(
                "two_node is for clusters of two nodes; with \(list.nodes.count) it makes no difference to the quorum"
                    + (waits ? ", but wait_for_all follows it: nothing runs before all nodes were seen once." : "."),
                key: entry.key, origin: entry.origin, remedy: "remove the line")
        ]
    }

    /// Two rules for the same case, of which one counts.
    private var exclusive: [ConfigurationWarning] {
        guard let entry = document.entries["quorum.two_node"], entry.value == .u8(1), entry.origin != nil,
            let other = document.entries["quorum.auto_tie_breaker"], other.value == .u8(1)
        else { return [] }
        return [
            ConfigurationWarning(
                "two_node and auto_tie_breaker" + (other.origin.map { " (line \($0.line))" } ?? "")
                    + " exclude each other: two_node is off.",
                key: entry.key, origin: entry.origin, remedy: "remove one of the lines")
        ]
    }

    /// Options of the vote quorum service without that service.
    private var ignored: [ConfigurationWarning] {
        guard document.entries[QuorumOption.provider.key] == nil,
            let entry = document.entries.all.first(where: { $0.key.hasPrefix("quorum.") && $0.origin != nil })
        else { return [] }
        return [
            ConfigurationWarning(
                "section quorum has no provider: its keys have no effect, and every partition is quorate.",
                key: QuorumOption.provider.key, origin: entry.origin, remedy: "add 'provider: corosync_votequorum'")
        ]
    }
}
