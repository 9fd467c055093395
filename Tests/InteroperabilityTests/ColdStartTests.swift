import ClusterLab
import Testing

extension Interoperability {
    /// Nodes that are started together find each other while their first rings are being formed: nobody may wait for a
    /// commit token that will not come (docs/decisions/joining.md).
    @Suite struct ColdStartTests {
        @Test("Eight nodes started together are one ring without losing a token, five times")
        func together() throws {
            let mixture = Mixture(Array(repeating: .rondo, count: 8))
            try mixture.requireEngines()
            let lab = try Laboratory(nodes: 8)
            defer { lab.close() }
            // The timeouts that eight nodes have by default: a token timeout is 6.9 s.
            try lab.configure(RingConfiguration())
            var times: [Int] = []
            for _ in 1...5 {
                let marks = lab.marks
                try lab.start(mixture.engines)
                let started = WallTime.now
                let ring = try lab.awaitRing(after: marks, within: lab.startLimit)
                times.append(ring.millisecondsSince(started))
                for node in lab.nodes { try node.killDaemon() }
            }
            #expect(times.allSatisfy { $0 < 6900 }, "\(times) ms")
            Summary.add("cold start 8 nodes, after the last one's start: \(times) ms")
        }
    }
}
