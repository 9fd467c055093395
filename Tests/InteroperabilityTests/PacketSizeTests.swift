import ClusterLab
import Testing

extension Interoperability {
    /// What becomes of large packets on the way (spec: transports.md 6).
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct PacketSizeTests {
        /// Corosync's full packets have 1503 bytes with IPv6, so that its kernel cuts each one in two.
        @Test(
            "Over IPv6, and where the MTU is small, no packet of Rondo's is cut in two, and all nodes deliver the same",
            arguments: [
                (Mixture(.corosync, .rondo, .rondo), 6, 1500), (Mixture(.rondo, .rondo, .rondo), 6, 1280),
                (Mixture(.rondo, .rondo, .rondo), 4, 1400),
            ])
        func fragments(_ mixture: Mixture, family: Int, mtu: Int) throws {
            var configuration = RingConfiguration.quick
            configuration.nodes = (1...3).map {
                NodeAddress(id: $0, addresses: [family == 6 ? "fd77::\($0)" : "10.77.0.\($0)"])
            }
            let lab = try mixture.ring(configuration) { try $0.setMTU(mtu) }
            defer { lab.close() }
            let binary = try OrderProgram.build(in: lab.folder)
            // The bytes of the IP headers that say: this is a part of a packet.
            let isFragment = family == 6 ? "ip6[6] == 44" : "ip[6:2] & 0x3fff != 0"
            let fragments = try lab.nodes.map { node in
                try node.capture("\(isFragment) and src host \(family == 6 ? node.address6 : node.address)")
            }
            let large = try lab.node(2).capture(
                "udp and greater 1200 and src host \(configuration.nodes[1].addresses[0])")
            let program = try OrderProgram(binary, on: lab)
            try lab.wait(for: "all to send", within: .seconds(10)) { program.written().allSatisfy { $0 > 100_000 } }
            try program.finish(in: lab)
            let counts = try fragments.map { try $0.finishCounting() }
            for (engine, count) in zip(mixture.engines, counts) where engine == .rondo { #expect(count == 0) }
            // Were there none, nothing would have been tried.
            #expect(try large.finishCounting() > 100)
            if mixture.engines[0] == .corosync { #expect(counts[0] > 100) }
            let comparison = OrderComparison(try program.histories())
            for finding in comparison.findings { Issue.record("\(finding)") }
            Summary.add("packets    \(mixture.testDescription): IPv\(family), MTU \(mtu), fragments \(counts)")
        }

        @Test(
            "Where only small packets get to a node, the log says so and what to try", arguments: [Mixture.rondoAlone])
        func tunnel(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let binary = try OrderProgram.build(in: lab.folder)
            try lab.limit(bytes: 1300, toNode: 3)
            let program = try OrderProgram(binary, on: lab)
            let wanted = "Tokens arrive at node 3 (10.77.0.3), but message "
            try lab.wait(for: "the advice", within: .seconds(20)) {
                [1, 2].contains { number in lab.node(number).log.entries.contains { $0.message.hasPrefix(wanted) } }
            }
            let lines = [1, 2].flatMap { lab.node($0).log.entries }.filter { $0.message.hasPrefix(wanted) }
            let line = try #require(lines.first)
            #expect(
                line.level == "warning" && line.message.contains("ping -M do -s 1")
                    && line.message.contains("10.77.0.3"))
            for node in lab.nodes {
                #expect(node.log.entries.count(where: { $0.message.hasPrefix("Retransmit List: ") }) <= 10)
            }
            // The test that it names would fail: with 28 bytes of headers the packet does not get there.
            let words = line.message.split(separator: " ")
            let size = words.firstIndex(of: "-s").flatMap { Int(words[$0 + 1]) }
            #expect(try #require(size) + 28 > 1300)
            try lab.limit(bytes: nil, toNode: 3)
            _ = program
        }
    }
}
