import ClusterLab
import Testing

extension Interoperability {
    /// A fence agent or an administrator says that a node is off: the ring does not wait for its timeouts, whichever
    /// engines are in it (docs/failover.md).
    @Suite struct ConfirmedDownTests {
        /// Mixtures with at least one Rondo, and which of the nodes dies.
        static let cases: [(Mixture, Int)] = [
            (Mixture(.corosync, .corosync, .rondo), 1), (Mixture(.corosync, .corosync, .rondo), 2),
            (Mixture(.corosync, .rondo, .rondo), 3), (.rondoAlone, 1),
        ]

        @Test(
            "A killed node that is said to be down is out of the ring before its token counts as lost", arguments: cases
        )
        func saidDown(_ mixture: Mixture, _ dead: Int) throws {
            // The timeouts of a file without any: 3.65 s until the token is missed, and 4.38 s until the consensus.
            let lab = try mixture.ring(RingConfiguration())
            defer { lab.close() }
            let victim = lab.node(dead)
            let witness = lab.node(mixture.engines.lastIndex(of: .rondo).map { $0 + 1 == dead ? $0 : $0 + 1 } ?? 1)
            #expect(mixture.engines[witness.number - 1] == .rondo)
            let marks = lab.marks
            try victim.killDaemon()
            let said = WallTime.now
            let answer = try witness.run(
                "corosync-cmapctl", "-s", "runtime.rondo.confirm_down", "u32", "\(victim.id)")
            #expect(answer.status == .exited(0))
            let smaller = try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
            let took = smaller.millisecondsSince(said)
            // From the ring's last token it would be at least token less hold, and a consensus timeout.
            #expect(Double(took) < lab.timings.token / 2, "\(took) ms")
            Summary.add(
                "said down  \(mixture.testDescription): node \(victim.id) killed and said to be down: new ring after \(took) ms "
                    + "(otherwise \(lab.timings.afterDeath.milliseconds) at most)")
            #expect(try witness.map()["runtime.rondo.confirm_down"] == nil)

            let again = lab.marks
            try victim.start(mixture.engines[dead - 1])
            #expect(try lab.awaitRing(after: again, within: lab.startLimit).members == [1, 2, 3])
        }
    }
}
