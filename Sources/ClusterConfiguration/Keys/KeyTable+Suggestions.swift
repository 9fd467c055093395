extension KeyTable {
    /// The known key of the same section that `key` was most likely meant to be; nil when none is close.
    public static func suggestion(forMapKey key: String) -> String? {
        guard description(forMapKey: key) == nil else { return nil }
        let (section, written) = divide(key)
        let known = sections(named: section)
        let meant =
            known.compactMap { otherNames[$0.pattern.joined(separator: ".")]?[written.lowercased()] }.first
            ?? closest(to: String(written), among: known.flatMap(\.names))
        return meant.map { (section + [Substring($0)]).joined(separator: ".") }
    }

    /// The one of `names` that `written` is a slip of the pen away from, whatever the case of its letters.
    static func closest(to written: String, among names: [String]) -> String? {
        let small = Array(written.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for name in names {
            let length = name.utf8.count
            guard length > 1, abs(length - small.count) <= 2 else { continue }
            let distance = editDistance(small, Array(name.utf8))
            if distance <= 2, distance < length / 2, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// What people write who know other tools, by section of the map.
    private static let otherNames: [String: [String: String]] = [
        "nodelist.node.P": [
            "id": "nodeid", "node_id": "nodeid", "number": "nodeid", "votes": "quorum_votes", "vote": "quorum_votes",
            "nodename": "name", "node_name": "name", "hostname": "name", "host": "name", "addr": "ring0_addr",
            "address": "ring0_addr", "ip": "ring0_addr", "ipaddr": "ring0_addr", "ring_addr": "ring0_addr",
            "link0_addr": "ring0_addr", "link1_addr": "ring1_addr", "memberaddr": "ring0_addr",
        ],
        "totem": [
            "name": "cluster_name", "clustername": "cluster_name", "token_timeout": "token",
            "retransmits_before_loss_const": "token_retransmits_before_loss_const",
            "token_retransmits": "token_retransmits_before_loss_const", "mtu": "netmtu", "cipher": "crypto_cipher",
            "hash": "crypto_hash",
        ],
        "totem.interface.L": ["port": "mcastport", "link": "linknumber", "priority": "knet_link_priority"],
        "quorum": ["votequorum": "provider", "quorum_votes": "votes", "nodes": "expected_votes"],
        "logging": [
            "file": "logfile", "log_file": "logfile", "priority": "syslog_priority", "level": "syslog_priority",
        ],
    ]

    /// Insertions, deletions and changes of one byte that turn `a` into `b`, exchanging two neighbours counted as one.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64 else { return .max }
        var older: [Int] = []
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var row = [i + 1]
            for (j, y) in b.enumerated() {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (x == y ? 0 : 1))
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            older = previous
            previous = row
        }
        return previous.last ?? a.count
    }
}
