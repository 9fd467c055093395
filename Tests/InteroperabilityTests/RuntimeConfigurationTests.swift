import ClusterLab
import Testing

/// A configuration and the timings the specification lists for it.
struct TimingExample: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let nodes: Int
    let totem: [(key: String, value: String)]
    /// token, token_retransmit, hold, consensus
    let expected: [UInt32]

    init(_ name: String, nodes: Int, _ totem: [(key: String, value: String)], _ expected: [UInt32]) {
        testDescription = name
        self.nodes = nodes
        self.totem = totem
        self.expected = expected
    }

    static let all = [
        TimingExample("1 node, defaults", nodes: 1, [], [3000, 714, 561, 3600]),
        TimingExample("2 nodes, defaults", nodes: 2, [], [3000, 714, 561, 3600]),
        TimingExample("3 nodes, defaults", nodes: 3, [], [3650, 869, 685, 4380]),
        TimingExample("5 nodes, defaults", nodes: 5, [], [4950, 1178, 932, 5940]),
        TimingExample("32 nodes, defaults", nodes: 32, [], [22500, 5357, 4275, 27000]),
        TimingExample("2 nodes, token 1000", nodes: 2, [("token", "1000")], [1000, 238, 180, 1200]),
        TimingExample(
            "2 nodes, token 5000, 10 retransmits", nodes: 2,
            [("token", "5000"), ("token_retransmits_before_loss_const", "10")], [5000, 490, 382, 6000]),
        TimingExample(
            "11 nodes, 28 retransmits, consensus below the token", nodes: 11,
            [("token", "5000"), ("token_retransmits_before_loss_const", "28"), ("consensus", "6000")],
            [10850, 384, 297, 6000]),
        TimingExample(
            "11 nodes, 28 retransmits", nodes: 11,
            [("token", "5000"), ("token_retransmits_before_loss_const", "28")], [10850, 384, 297, 13020]),
        TimingExample(
            "11 nodes, coefficient 0", nodes: 11,
            [("token", "5000"), ("token_coefficient", "0"), ("token_retransmits_before_loss_const", "28")],
            [5000, 177, 131, 6000]),
        TimingExample("16 nodes, token 10000", nodes: 16, [("token", "10000")], [19100, 4547, 3627, 22920]),
        TimingExample(
            "4 nodes, token 1000, coefficient 0", nodes: 4, [("token", "1000"), ("token_coefficient", "0")],
            [1000, 238, 180, 1200]),
        TimingExample(
            "3 nodes, token 1000, coefficient 1", nodes: 3, [("token", "1000"), ("token_coefficient", "1")],
            [1001, 238, 180, 1201]),
        TimingExample(
            "3 nodes, all given", nodes: 3,
            [("token", "3000"), ("token_retransmit", "500"), ("hold", "200"), ("consensus", "9000")],
            [3650, 500, 200, 9000]),
        TimingExample("2 nodes, retransmit 100", nodes: 2, [("token_retransmit", "100")], [3000, 100, 70, 3600]),
        TimingExample("2 nodes, retransmit 30", nodes: 2, [("token_retransmit", "30")], [3000, 30, 14, 3600]),
        TimingExample("2 nodes, token 126", nodes: 2, [("token", "126")], [126, 30, 14, 151]),
        TimingExample(
            "2 nodes, token 110, 2 retransmits", nodes: 2,
            [("token", "110"), ("token_retransmits_before_loss_const", "2")], [110, 49, 29, 132]),
        TimingExample("2 nodes, token 0", nodes: 2, [("token", "0")], [3000, 714, 561, 3600]),
        TimingExample(
            "2 nodes, token 20000005", nodes: 2, [("token", "20000005")],
            [20_000_005, 4_761_905, 3_809_514, 24_000_006]
        ),
        TimingExample(
            "2 nodes, token 16777217", nodes: 2, [("token", "16777217")],
            [16_777_217, 3_994_575, 3_195_650, 20_132_660]
        ),
        TimingExample(
            "3 nodes, every other key given", nodes: 3,
            [
                ("join", "60"), ("merge", "300"), ("downcheck", "900"), ("fail_recv_const", "2000"),
                ("seqno_unchanged_const", "20"), ("send_join", "10"), ("window_size", "60"), ("max_messages", "20"),
                ("miss_count_const", "6"), ("max_network_delay", "40"), ("heartbeat_failures_allowed", "2"),
                ("token_warning", "50"), ("block_unlisted_ips", "no"), ("cancel_token_hold_on_retransmit", "yes"),
            ], [3650, 869, 685, 4380]),
    ]
}

extension Interoperability {
    /// What a configuration leads to, read from the running daemons.
    @Suite struct RuntimeConfigurationTests {
        @Test("The effective timings are the specification's, and Rondo's are Corosync's", arguments: TimingExample.all)
        func timings(_ example: TimingExample) throws {
            let lab = try Laboratory(nodes: 1)
            let other = try Laboratory(nodes: 1)
            defer {
                lab.close()
                other.close()
            }
            var configuration = RingConfiguration(totem: example.totem)
            configuration.nodes = (1...example.nodes).map { NodeAddress(id: UInt32($0), addresses: ["10.77.0.\($0)"]) }
            try lab.configure(configuration)
            try other.configure(configuration)

            try lab.node(1).start(.corosync)
            let both = try Mixture(.rondo).absence == nil
            if both { try other.node(1).start(.rondo) }
            let corosync = try effective(lab)
            let names = ["token", "token_retransmit", "hold", "consensus"]
            #expect(names.map { corosync.number("runtime.config.totem.\($0)") } == example.expected.map(UInt64.init))
            if both {
                let rondo = try effective(other)
                #expect(rondo.entries == corosync.entries)
            }
        }

        /// The computed values, as soon as the daemon answers.
        private func effective(_ lab: Laboratory) throws -> MapListing {
            var listing = MapListing("")
            try lab.wait(for: "an answer of the daemon", within: .seconds(10)) {
                listing = try lab.node(1).map(under: "runtime.config.totem.")
                return !listing.entries.isEmpty
            }
            return listing
        }
    }
}
