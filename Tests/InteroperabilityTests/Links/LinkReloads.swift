import ClusterLab
import Testing

// What tests of links and keys that change by a reload have in common.

extension RingConfiguration {
    /// Packets over knet, sealed with a key that is made of one number.
    static func knet(links: Int = 1, token: Int? = nil, sealed: Sealing?, key: UInt8) -> RingConfiguration {
        var configuration = RingConfiguration.knet(links: links, token: token, sealed: sealed)
        configuration.key = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) ^ key }
        return configuration
    }
}

extension Laboratory {
    /// Makes every running node read its file, and waits until this node has.
    func reload(on number: Int) throws {
        let result = try node(number).run("corosync-cfgtool", "-R")
        #expect(result.output + result.errors == "Reloading corosync.conf...\nDone\n")
    }

    /// Waits until each running node has taken the last step of so many changes of keys.
    func awaitKeyChange(after marks: [Int], times: Int = 1) throws {
        try wait(for: "the last step of the change of keys", within: margin * times) {
            nodes.filter(\.isRunning).allSatisfy { node in
                let entries = node.log.entries(after: marks[node.number - 1])
                return entries.count { $0.message == "Crypto reconfiguration phase 2" } >= times
            }
        }
    }

    /// Waits until every node has a link of this number to each other one that came up after the marks.
    func awaitLink(_ number: Int, after marks: [Int]) throws {
        try wait(for: "link \(number) on all nodes", within: linkLimit) {
            nodes.allSatisfy { node in
                let up = node.log.linkEvents(after: marks[node.number - 1]).filter {
                    $0.isUp && $0.link.number == number
                }
                return Set(up.map(\.link.node)).count == nodes.count - 1
            }
        }
    }

    /// What nodes said after the marks of packets that their keys do not open.
    func packetsNotOpened(after marks: [Int]) -> [String] {
        nodes.flatMap { node in
            node.log.entries(after: marks[node.number - 1]).filter { entry in
                entry.level == "error" && entry.message.contains("Unable to decrypt")
            }.map { "node \(node.number): \($0.message)" }
        }
    }
}

extension [LinkRing] {
    /// Whether packets of each ring are clear, or none.
    func expectClear(_ areClear: Bool, _ labs: [Laboratory]) throws {
        // Version 1, and two zeros behind the node (spec: knet.md 2).
        try expect(labs, packets: areClear, "udp port 5405 and udp[8] = 1 and udp[12:2] = 0")
    }

    /// Whether a second of each ring has packets like this on the wire of node 1.
    func expect(_ labs: [Laboratory], packets: Bool, _ filter: String) throws {
        let captures = try labs.map { try $0.node(1).capture(filter, interface: "any") }
        try labs.rest(.seconds(1))
        for (ring, capture) in zip(self, captures) {
            let count = try capture.finishCounting()
            #expect((count > 0) == packets, "\(ring.testDescription): \(count) of \(filter)")
        }
    }
}
