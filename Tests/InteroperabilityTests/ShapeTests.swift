import ClusterLab
import Testing

extension Interoperability {
    /// Rings of other shapes than three nodes numbered from one on IPv4.
    @Suite struct ShapeTests {
        @Test("The representative is the lowest id, wherever it runs", arguments: Mixture.all)
        func identities(_ mixture: Mixture) throws {
            let lab = try mixture.ring(ids: [3_000_000_000, 300, 26])
            defer { lab.close() }
            let ring = try lab.awaitRing(within: margin)
            // Ring ids are written in hexadecimal.
            #expect(ring.ring.hasPrefix("1a."))
            #expect(try lab.node(1).map().joinedMembers == [26, 300, 3_000_000_000])
            let marks = lab.marks
            try lab.node(3).stop()
            let smaller = try lab.awaitRing(after: marks, within: lab.timings.afterLeave + margin)
            #expect(smaller.ring.hasPrefix("12c."))
        }

        @Test("A ring over IPv6", arguments: Mixture.all)
        func version6(_ mixture: Mixture) throws {
            var configuration = RingConfiguration.quick
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["fd77::\($0)"]) }
            let lab = try mixture.ring(configuration)
            defer { lab.close() }
            let ring = try lab.awaitRing(within: margin)
            #expect(ring.members == [1, 2, 3])
            for node in lab.nodes {
                #expect(try node.map()["runtime.members.2.ip"] == "r(0) ip(\(lab.node(2).address6)) ")
            }
            let marks = lab.marks
            try lab.node(1).killDaemon()
            try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
        }

        @Test(
            "Six nodes, losing three at once",
            arguments: [
                Mixture(.corosync, .corosync, .corosync, .corosync, .corosync, .corosync),
                Mixture(.corosync, .rondo, .corosync, .rondo, .corosync, .rondo),
                Mixture(.rondo, .rondo, .rondo, .rondo, .rondo, .rondo),
            ])
        func sixNodes(_ mixture: Mixture) throws {
            let lab = try mixture.ring(RingConfiguration(totem: [("token", "1000"), ("token_coefficient", "100")]))
            defer { lab.close() }
            var marks = lab.marks
            for number in [1, 4, 5] { try lab.node(number).killDaemon() }
            let rest = try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
            #expect(rest.members == [2, 3, 6])
            marks = lab.marks
            for number in [1, 4, 5] { try lab.node(number).start(mixture.engines[number - 1]) }
            let whole = try lab.awaitRing(within: lab.startLimit)
            #expect(whole.members == [1, 2, 3, 4, 5, 6])
        }

        /// How a cluster changes over to Rondo, and how it goes back.
        @Test("Engines exchanged under a running ring, node after node, with the files they left")
        func exchange() throws {
            try Mixture(.corosync, .rondo).requireEngines()
            let lab = try Mixture.corosyncAlone.ring()
            defer { lab.close() }
            var last = try lab.awaitRing(within: margin)
            for engine in [Engine.rondo, .corosync] {
                for node in lab.nodes {
                    try node.stop()
                    try node.start(engine)
                    let ring = try lab.awaitRing(within: lab.startLimit)
                    #expect(ring.members == [1, 2, 3])
                    // A node that forgot the last ring would start again from the bottom.
                    #expect(ring.sequence > last.sequence)
                    last = ring
                }
            }
        }

        /// The ring is one with Corosync through whatever netem, or the relay in its place, does to it.
        @Test(
            "Late, jittered, reordered, lost and doubled packets change neither the membership nor the order of deliveries",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)),
            arguments: Mixture.all)
        func delays(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let program = try OrderProgram(OrderProgram.build(in: lab.folder), on: lab)
            try lab.wait(for: "all to send", within: .seconds(10)) { program.written().allSatisfy { $0 > 10_000 } }
            let marks = lab.marks
            let shaper = try lab.shape(
                NetworkShape(delay: .milliseconds(2), jitter: .milliseconds(1), loss: 1, duplicate: 0.5))
            print("\(mixture.testDescription): delayed by \(shaper)")
            for version in 1...15 {
                for number in 1...3 { try lab.announce(version: UInt64(version * 10 + number), from: number) }
                try lab.awaitVersions(
                    [1: UInt64(version * 10 + 1), 2: UInt64(version * 10 + 2), 3: UInt64(version * 10 + 3)],
                    within: .seconds(10))
            }
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            try lab.endShape()
            try lab.announce(version: 999, from: 1)
            try lab.awaitVersions([1: 999])
            try program.finish(in: lab)
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            let comparison = OrderComparison(try program.histories())
            for finding in comparison.findings { Issue.record("\(finding)") }
            #expect(comparison.spansTogether > 0)
            let counts = comparison.histories.map(\.deliveries.count)
            Summary.add(
                "delayed    \(mixture.testDescription): messages given \(counts), digest "
                    + String(comparison.lastDigest, radix: 16))
        }
    }
}
