import ClusterLab
import Testing

extension Interoperability {
    /// Rings of both engines over transport udp: multicast of both families, and broadcast. The rings stand side by side,
    /// since they mostly wait.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct MulticastTests {
        /// Node 1 is once of each engine, node 3 always Rondo.
        private static let rings = [
            LinkRing(Mixture(.corosync, .corosync, .rondo), .multicast(), "multicast"),
            LinkRing(Mixture(.rondo, .corosync, .rondo), .multicast(broadcast: true), "broadcast"),
            LinkRing(Mixture(.corosync, .rondo, .rondo), .multicast(family: 6), "multicast over IPv6"),
        ]

        @Test("One ring and one order of messages from 1 B to 1 MiB; a node dies, and its interface goes and comes")
        func multicast() throws {
            for ring in Self.rings { try ring.mixture.requireEngines() }
            let labs = try Self.rings.start()
            defer { labs.close() }
            for lab in labs { try lab.awaitRing(within: lab.startLimit) }
            try sameStatus(on: labs[0], labs[1])

            let captures = try labs.map { try $0.node(3).capture("udp and src host 10.77.0.3") }
            let marks = labs.map(\.marks)
            try LinkOrder(Self.rings, labs).compare()
            for (ring, (lab, marks)) in zip(Self.rings, zip(labs, marks)) {
                #expect(lab.membershipChanges(after: marks).allSatisfy { $0 == 0 }, "\(ring.testDescription)")
            }
            for (ring, capture) in zip(Self.rings, captures) where ring.configuration.nodes.isEmpty {
                try leavesOnce(try capture.finish(), broadcast: ring.title == "broadcast")
            }

            try Self.each(labs) {
                try $0.node(3).killDaemon()
            } then: { lab, marks in
                try lab.awaitRing([1, 2], after: marks, within: lab.timings.afterDeath + margin)
            }
            // It starts without a network and forms a ring by itself. (With IPv6 no node would know itself.)
            try Self.each(labs) { lab in
                if !lab.isIPv6 { try lab.node(3).setInterface(up: false) }
                try lab.node(3).start(.rondo)
            } then: { lab, marks in
                try lab.awaitRing(lab.isIPv6 ? [1, 2, 3] : [3], after: marks, within: lab.startLimit)
            }
            try Self.each(labs) {
                try $0.bringUp(3)
            } then: { lab, _ in
                try lab.awaitRing(within: lab.startLimit)
            }
            try Self.each(labs) {
                try $0.node(3).setInterface(up: false)
            } then: { lab, marks in
                let limit = lab.timings.afterDeath + .seconds(1) + margin
                try lab.awaitRing([1, 2], after: marks, within: limit)
                try lab.awaitRing([3], after: marks, within: limit)
            }
            try Self.each(labs) {
                try $0.bringUp(3)
            } then: { lab, _ in
                try lab.awaitRing(within: lab.startLimit)
            }
        }

        /// Does something to all rings, and then waits for what comes of it on each.
        private static func each(
            _ labs: [Laboratory], _ change: (Laboratory) throws -> Void,
            then wait: (Laboratory, [Int]) throws -> Void
        ) throws {
            let marks = labs.map(\.marks)
            for lab in labs { try change(lab) }
            for (lab, marks) in zip(labs, marks) { try wait(lab, marks) }
        }

        /// What the tools say of the transport on node 1 of either ring, and the map on both engines of the first.
        private func sameStatus(on labs: Laboratory...) throws {
            for options in [["-s"], ["-n"], ["-s", "-b"]] {
                let answers = try agreed { () -> [[String]] in
                    try labs.map { lab in
                        let result = try lab.node(1).run(words: ["corosync-cfgtool"] + options)
                        return (result.output + result.errors).split(separator: "\n").map { masked(String($0)) }
                            + [result.status.description]
                    }
                }
                #expect(answers[0] == answers[1], "\(options)")
                #expect(answers[0].first == "Local node ID 1, transport udp")
            }
            for key in ["mcastaddr", "mcastport"] {
                let values = try [1, 3].map { try labs[0].node($0).map()["totem.interface.0.\(key)"] }
                #expect(values[0] == values[1] && values[0] != nil, "\(key)")
            }
        }

        /// Corosync shows the address of one of the nodes, not always its own.
        private func masked(_ line: String) -> String { line.hasPrefix("\taddr\t= ") ? "\taddr\t= ADDRESS" : line }

        /// Everything but beats leaves from the port before the ring's: tokens to a node, the rest to the group alone.
        private func leavesOnce(_ packets: [CapturedPacket], broadcast: Bool) throws {
            let ring = packets.filter { $0.totemType != nil && !$0.isBeat }
            #expect(ring.count { $0.totemType == 1 } > 20)
            for packet in ring {
                #expect(packet.sourcePort == 5404 && packet.destinationPort == 5405)
                let isToken = packet.totemType == 0 || packet.totemType == 4
                let group = broadcast ? "255.255.255.255" : "239.192."
                // Who suspects a member asks the representative alone for the token.
                let isAsked = packet.totemType == 5 && packet.destination.hasPrefix("10.77.0.")
                #expect(isAsked || packet.destination.hasPrefix(isToken ? "10.77.0." : group))
            }
        }
    }
}

extension RingConfiguration {
    /// Packets by multicast or broadcast, token 800 ms, consensus 960 ms.
    fileprivate static func multicast(family: Int = 4, broadcast: Bool = false) -> RingConfiguration {
        var configuration = RingConfiguration.sparing
        configuration.transport = "udp"
        if broadcast { configuration.interfaces = [[("broadcast", "yes")]] }
        if family == 6 {
            configuration.totem.append(("ip_version", "ipv6"))
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["fd77::\($0)"]) }
        }
        return configuration
    }
}

extension Laboratory {
    fileprivate var isIPv6: Bool { configuration.totem.contains { $0.value == "ipv6" } }

    /// Brings a node's interface up, with the address that an IPv6 one loses.
    fileprivate func bringUp(_ number: Int) throws {
        try node(number).setInterface(up: true)
        guard isIPv6 else { return }
        _ = try node(number).run("ip", "address", "replace", "\(node(number).address6)/64", "dev", "eth0", "nodad")
    }
}
