/// Where a cable ends at the switch: node N's of link 0 in port `pN`, of link L in `pN-L`.
struct Port: Hashable, Comparable {
    let node: Int
    let link: Int

    var name: String { link == 0 ? "p\(node)" : "p\(node)-\(link)" }
    /// The interface at the node's end of the cable.
    var interface: String { "eth\(link)" }

    static func < (one: Port, other: Port) -> Bool { (one.link, one.node) < (other.link, other.node) }
}

/// One direction between two nodes on a link.
struct Way: Hashable, Comparable {
    let from: Port
    let to: Port

    init(link: Int, from: Int, to: Int) {
        self.from = Port(node: from, link: link)
        self.to = Port(node: to, link: link)
    }

    static func < (one: Way, other: Way) -> Bool { (one.from, one.to) < (other.from, other.to) }
}

/// Which frames the switch drops, and how often.
struct Faults {
    /// Between which ports nothing passes.
    var cut: Set<Way> = []
    /// By receiving port, the share of frames lost on the way to it, in hundredths of a percent.
    var loss: [Port: Int] = [:]
    /// By receiving port, the longest IP packet that gets there.
    var largest: [Port: Int] = [:]

    /// The switch's rules as nft reads them, complete: loading them replaces the earlier ones in one step.
    var rules: String {
        var lines = ["table bridge lab", "delete table bridge lab", "table bridge lab {", "chain forward {"]
        lines.append("type filter hook forward priority 0; policy accept;")
        for way in cut.sorted() {
            lines.append("iifname \"\(way.from.name)\" oifname \"\(way.to.name)\" drop")
        }
        for (port, share) in loss.sorted(by: { $0.key < $1.key }) where share > 0 {
            lines.append("oifname \"\(port.name)\" numgen random mod 10000 < \(share) drop")
        }
        for (port, bytes) in largest.sorted(by: { $0.key < $1.key }) {
            // The link header does not count here.
            lines.append("oifname \"\(port.name)\" meta length > \(bytes) drop")
        }
        lines += ["}", "}"]
        return lines.joined(separator: "\n") + "\n"
    }
}
