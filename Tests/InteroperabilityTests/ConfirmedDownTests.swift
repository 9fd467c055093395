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
            // Without beats, which would tell it, too.
            var configuration = RingConfiguration()
            configuration.extra = "rondo {\n    beat: 0\n}\n"
            let lab = try mixture.ring(configuration)
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
            try lab.awaitPromptRing(
                after: marks, since: said,
                "said down  \(mixture.testDescription): node \(victim.id) killed and said to be down")
            #expect(try witness.map()["runtime.rondo.confirm_down"] == nil)

            let again = lab.marks
            try victim.start(mixture.engines[dead - 1])
            #expect(try lab.awaitRing(after: again, within: lab.startLimit).members == [1, 2, 3])
        }
    }
}
