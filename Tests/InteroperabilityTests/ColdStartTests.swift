import ClusterLab
import Testing

extension Interoperability {
    /// Nodes that are started together find each other while their first rings are being formed: nobody may wait for a
    /// commit token that will not come (docs/decisions/joining.md).
    @Suite struct ColdStartTests {
        /// Five unless one wants to look longer.
        static let starts = environmentVariable("RONDO_COLD_STARTS").flatMap { Int($0) } ?? 5

        /// Milliseconds within which a ring is wanted in every start.
        static let wanted = 1000
        /// What a machine that is busy with other things may need: far less than a token timeout, for which a node waits that
        /// has lost its commit token. Corosync's do.
        static let bound = 2000.0

        /// Other engines or numbers of nodes, as in `RONDO_COLD_ENGINES=rcrcrcrc`.
        static let mixture = Mixture(
            (environmentVariable("RONDO_COLD_ENGINES") ?? "rrrrrrrr").map { $0 == "c" ? Engine.corosync : .rondo })

        @Test("Eight nodes started together are one ring without losing a token, every time")
        func together() throws {
            // The timeouts that so many nodes have by default: with eight a token timeout is 6.9 s.
            let lab = try Self.mixture.laboratory(RingConfiguration())
            defer { lab.close() }
            var times: [Int] = []
            for _ in 0..<Self.starts {
                let marks = lab.marks
                try lab.start(Self.mixture.engines)
                let started = WallTime.now
                let ring = try lab.awaitRing(after: marks, within: lab.startLimit)
                times.append(ring.millisecondsSince(started))
                for node in lab.nodes { try node.killDaemon() }
            }
            let late = times.count { $0 > Self.wanted }
            Summary.add(
                "cold start \(lab.nodes.count) nodes, after the last one's start: \(times) ms, \(late) of \(times.count) "
                    + "above the \(Self.wanted) ms that are wanted")
            let bound = Self.mixture.engines.contains(.corosync) ? lab.timings.token : Self.bound
            #expect(times.allSatisfy { Double($0) < bound }, "\(times) ms")
        }
    }
}
