import Testing

@testable import Simulator

@Suite("Drawn scenarios of whole nodes keep every guarantee")
struct ClusterSeedTests {
    @Test("seeds in a row", arguments: 0..<4)
    func block(index: UInt64) {
        for seed in (index * 10 + 1)...(index * 10 + 10) {
            var simulation = ClusterSimulation(.drawn(seed: seed))
            let violation = simulation.run().violation
            #expect(violation == nil, "rondo simulate --layer nodes --seed \(seed) --trace: \(violation?.text ?? "")")
        }
    }

    @Test("with falsified packets an order to end may be carried out when the others are together already")
    func lateOrder() throws {
        let text = """
            rondo-scenario 1
            layer nodes
            seed 1
            calm at 3968ms
            node 1 starts 390854723ns
            node 2 starts 581498521ns
            node 3 starts 933708351ns
            node 4 starts 569796353ns
            totem token 1000
            totem token_coefficient 20
            totem merge 50
            network delay 100us jitter 50us flips 50000
            multicasts at-most 400000
            at 497ms lose orf_token from 4 copies 12
            at 2079ms crash 4
            at 1464ms kill 2 by 3
            at 3867ms loss 300000
            at 1181ms lose memb_commit_token to 4 copies 9

            """
        let scenario: ClusterScenario = try ScenarioText.read(text)
        let violation = scenario.run(RunView(), planted: nil).violation
        #expect(violation == nil, "\(violation?.text ?? "")")
    }

    @Test("two runs of one seed are equal, byte for byte", arguments: [3, 17, 40])
    func determinism(seed: UInt64) {
        var first = ClusterSimulation(.drawn(seed: seed), tracing: true)
        var second = ClusterSimulation(.drawn(seed: seed), tracing: true)
        let (one, other) = (first.run(), second.run())
        #expect(one.trace == other.trace)
        #expect(one.digest == other.digest)
        #expect(!one.trace.isEmpty)
        var untraced = ClusterSimulation(.drawn(seed: seed))
        #expect(untraced.run().digest == one.digest)
    }
}
