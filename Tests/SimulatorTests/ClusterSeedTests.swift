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
