import ClusterLab
import Testing

extension Interoperability {
    /// A process ends and its machine runs on: the machine refuses what is sent to it, and nobody waits for a timeout
    /// (docs/failover.md).
    @Suite struct ProcessDeathTests {
        /// Which engines, over what, and in what order they die.
        static let cases: [(LinkRing, [Int])] = [
            (LinkRing(.rondoAlone, RingConfiguration(), "udpu"), [1, 2]),
            (LinkRing(Mixture(.corosync, .corosync, .rondo), RingConfiguration(), "udpu"), [1, 2]),
            (LinkRing(Mixture(.corosync, .rondo, .rondo), RingConfiguration(), "udpu"), [1, 3]),
            (LinkRing(.rondoAlone, .knet(), "knet"), [1, 3]),
            (LinkRing(.rondoAlone, .knet(links: 2, sealed: .usual), "knet, two sealed links"), [1, 3]),
            (LinkRing(Mixture(.corosync, .corosync, .rondo), .knet(sealed: .usual), "knet, sealed"), [1, 2]),
            (
                LinkRing(Mixture(.corosync, .rondo, .rondo), .knet(links: 2, sealed: .usual), "knet, two sealed links"),
                [1, 2]
            ),
        ]

        /// A kernel sends six ICMP errors to a machine at once, and then one a second; what is sent to a node that is not there
        /// yet uses them up.
        private static let limiterMemory = Duration.seconds(7)

        @Test("A killed process is out of the ring before its token counts as lost")
        func killed() throws {
            let cases = try Self.cases.filter { try $0.0.mixture.absence == nil }
            let rings = cases.map(\.0)
            let labs = try rings.start()
            defer { labs.close() }
            for round in 0..<2 {
                for lab in labs { try lab.awaitRing(within: lab.linkedStartLimit) }
                for (ring, lab) in zip(rings, labs) where ring.configuration.transport == "knet" {
                    try lab.awaitLinks()
                }
                try labs.rest(Self.limiterMemory)
                for (ring, (lab, victims)) in zip(rings, zip(labs, cases.map(\.1))) {
                    let victim = lab.node(victims[round])
                    let marks = lab.marks
                    let death = WallTime.now
                    try victim.killDaemon()
                    try lab.awaitPromptRing(
                        after: marks, since: death,
                        "killed     \(ring.testDescription): process of node \(victim.id) killed")
                    try victim.start(ring.mixture.engines[victim.number - 1])
                }
            }
        }

        @Test("A process that is stopped, and one whose beats are switched off, keep the patience of the timeouts")
        func patient() throws {
            var silent = RingConfiguration.quick
            silent.extra = "rondo {\n    beat: 0\n}\n"
            let configurations = [RingConfiguration.quick, silent]
            let labs = try [Mixture.rondoAlone].available.rings(configurations)
            guard labs.count == 2 else { return }
            defer { labs.close() }
            let marks = labs.map(\.marks)
            let death = WallTime.now
            labs[0].node(2).pause()
            try labs[1].node(2).killDaemon()
            for (lab, marks) in zip(labs, marks) {
                let smaller = try lab.awaitRing([1, 3], after: marks, within: lab.timings.afterDeath + margin)
                #expect(smaller.millisecondsSince(death) >= Int(lab.timings.consensus))
            }
            labs[0].node(2).resume()
        }
    }
}
