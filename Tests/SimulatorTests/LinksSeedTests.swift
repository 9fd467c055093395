import Simulator
import Testing

@Suite("Drawn scenarios of links keep every guarantee")
struct LinksSeedTests {
    @Test("seeds in a row", arguments: 0..<4)
    func block(index: UInt64) {
        for seed in (index * 15 + 1)...(index * 15 + 15) {
            var simulation = LinksSimulation(.drawn(seed: seed, nodes: nil))
            let violation = simulation.run().violation
            #expect(violation == nil, "rondo simulate --layer links --seed \(seed) --trace: \(violation?.text ?? "")")
        }
    }

    /// Whoever counts as fast as that has passed the number of the process before it by the time that it could be believed to be
    /// another one: what it sends until then counts as doubles, and so do copies of that.
    @Test("what came before a restart could be noticed may be refused once more")
    func copiesOfTheUnsettled() throws {
        let text = """
            rondo-scenario 1
            layer links
            seed 1
            calm at 3563ms
            node 1
            node 2 sends small every 6242us
            node 3
            link 0 interval 486ms timeout 1458ms pongs 1 priority 1 mtu 1500
            link 1 interval 486ms timeout 972ms pongs 5 priority 1 mtu 1500
            mode passive
            probe-interval 2000ms
            protection clear
            network delay 100us jitter 50us
            intruder
            at 248ms crash 2 after 19 datagrams
            at 320ms restart 2

            """
        let scenario: LinksScenario = try ScenarioText.read(text)
        for seed in 1...3 as ClosedRange<UInt64> {
            var varied = scenario
            varied.seed = seed
            let violation = varied.run(RunView(), planted: nil).violation
            #expect(violation == nil, "seed \(seed): \(violation?.text ?? "")")
        }
    }

    @Test("two runs of one seed are equal, byte for byte", arguments: [3, 17, 40])
    func determinism(seed: UInt64) {
        var first = LinksSimulation(.drawn(seed: seed, nodes: nil), tracing: true)
        var second = LinksSimulation(.drawn(seed: seed, nodes: nil), tracing: true)
        let (one, other) = (first.run(), second.run())
        #expect(one.trace == other.trace)
        #expect(one.digest == other.digest)
        #expect(!one.trace.isEmpty)
        var untraced = LinksSimulation(.drawn(seed: seed, nodes: nil))
        #expect(untraced.run().digest == one.digest)
    }

    @Test("what is written is read again as it was")
    func text() throws {
        for seed in 1...2000 as ClosedRange<UInt64> {
            let drawn = LinksScenario.drawn(seed: seed, nodes: nil)
            let read: LinksScenario = try ScenarioText.read(ScenarioText.write(drawn))
            #expect(read == drawn, "seed \(seed)")
        }
    }

    @Test(
        "a text says what links do not have",
        arguments: [
            "at 5ms late 1 by 5ms", "at 5ms cut-link 1 from 1 to 2", "when 1 enters gather 1 before-sending crash 2",
            "at 5ms lose orf_token copies 1",
        ])
    func refusals(line: String) {
        let text = """
            rondo-scenario 1
            layer links
            seed 1
            calm at 1s
            node 1
            node 2
            link 0 interval 200ms timeout 400ms pongs 2 priority 1 mtu 1500
            """
        #expect(throws: Never.self) {
            try ScenarioText.read(text.replacing("1s", with: "1000ms"), as: LinksScenario.self)
        }
        #expect(throws: ScenarioTextError.self) {
            try ScenarioText.read(text.replacing("1s", with: "1000ms") + "\n" + line + "\n", as: LinksScenario.self)
        }
    }
}
