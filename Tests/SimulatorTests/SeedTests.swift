import Testing

@testable import Simulator

@Suite("Drawn scenarios keep every guarantee")
struct SeedTests {
    @Test("seeds in a row", arguments: 0..<5)
    func block(index: UInt64) {
        for seed in (index * 12 + 1)...(index * 12 + 12) {
            let outcome = simulate(.drawn(seed: seed))
            #expect(outcome.violation == nil, "seed \(seed): rondo simulate --seed \(seed) --trace")
        }
    }

    @Test("two runs of one seed are equal, byte for byte", arguments: [3, 17, 40])
    func determinism(seed: UInt64) {
        let first = simulate(.drawn(seed: seed), tracing: true)
        let second = simulate(.drawn(seed: seed), tracing: true)
        #expect(first.trace == second.trace)
        #expect(first.digest == second.digest)
        #expect(!first.trace.isEmpty)
        let untraced = simulate(.drawn(seed: seed))
        #expect(untraced.digest == first.digest)
        #expect(untraced.trace.isEmpty)
    }

    @Test("two seeds differ")
    func difference() {
        #expect(simulate(.drawn(seed: 3)).digest != simulate(.drawn(seed: 4)).digest)
    }
}
