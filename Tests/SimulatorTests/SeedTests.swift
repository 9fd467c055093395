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

    /// Seeds that once found something, with the number of nodes they did it with; what it was stands in the name.
    @Test(
        "seeds that found a defect once",
        arguments: [
            KeptSeed(8, "an acknowledgement crossed the next configuration change"),
            KeptSeed(26, "joins with different failed lists answered each other for ever"),
            KeptSeed(1, "nodes that failed each other never began anew"),
            KeptSeed(92, nodes: 8, "three groups kept drawing each other out of their rings"),
            KeptSeed(656, nodes: 8, "a newcomer broke up an attempt that was about to succeed"),
            KeptSeed(14980, "joins from before a new beginning spoilt it"),
        ])
    func kept(seed: KeptSeed) {
        let outcome = simulate(.drawn(seed: seed.seed, nodes: seed.nodes))
        #expect(outcome.violation == nil)
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

struct KeptSeed: Sendable, CustomTestStringConvertible {
    var seed: UInt64
    var nodes: Int?
    var found: String

    init(_ seed: UInt64, nodes: Int? = nil, _ found: String) {
        self.seed = seed
        self.nodes = nodes
        self.found = found
    }

    var testDescription: String { "seed \(seed): \(found)" }
}
