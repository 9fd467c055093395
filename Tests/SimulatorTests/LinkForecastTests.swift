import ClusterConfiguration
import ClusterEngine
import Links
import Testing
import Totem
import TotemWire

@testable import Simulator

/// Three nodes, token 1000 ms: pings every 250 ms, links given up after 500 ms, unless said otherwise.
@Suite("Forecasts of lost links")
struct LinkForecastTests {
    private func plan(
        links: Int = 2, policy: LinkPolicy = .passive, timing: LinkTiming = LinkTiming(pingInterval: 250, timeout: 500),
        losses: [UInt32] = [0, 0], protection: Protection = .clear, cuts: Int = 10
    ) -> ForecastPlan {
        var network = NetworkConditions()
        network.spread = .constant(200_000)
        network.keepsOrder = false
        var plan = ForecastPlan(
            nodes: 3, parameters: RingParameters(timings, netMTU: 65_446, maximumDatagram: TotemLimits.frameSize),
            network: network, span: 0, seed: 1)
        plan.silences = (RondoSettings().beat(timings), RondoSettings().silence(timings))
        plan.links = ForecastLinks(
            links: (0..<links).map {
                ForecastLinks.Link(number: $0, priority: 1, timing: timing, lossPerMillion: losses[$0])
            }, policy: policy, protection: protection, mtu: 0, cuts: cuts)
        return plan
    }

    private var inputs: TimingInputs {
        var inputs = TimingInputs(nodeCount: 3, transport: .knet)
        inputs.set("totem.token", .u32(1000), source: .override)
        inputs.set("totem.token_coefficient", .u32(0), source: .override)
        inputs.links = [TimingInputs.Link(number: 0), TimingInputs.Link(number: 1)]
        return inputs
    }

    private var timings: TotemTimings { DerivedTimings(inputs).totem }

    private func forecast(_ plan: ForecastPlan) throws -> LinkForecast {
        let tasks = plan.tasks.filter { if case .cuts = $0 { true } else { false } }
        let forecast = Forecast(plan, tasks.map(plan.run))
        #expect(forecast.defect == nil, "\(forecast.defect?.text ?? "")")
        return try #require(forecast.links)
    }

    @Test(
        "A link that is cut costs no ring and loses packets no longer than rondo timing says",
        arguments: [
            Protection.clear, Protection(hasCipher: true, hashSize: 32),
        ])
    func oneOfTwo(protection: Protection) throws {
        let links = try forecast(plan(protection: protection)).links
        let computed = try #require(TimingReport(inputs).links.first)
        let takeover = try #require(computed.takeover?.count)
        #expect(links.map(\.breaks) == [0, 0])
        #expect(links.map(\.notCarried) == [0, 0])
        // Ten cuts at any moment of the interval.
        #expect(links[0].carried.longest / 1000 <= takeover + 5000)
        #expect(links[0].carried.longest / 1000 > takeover / 3)
        #expect(links[0].down.count == 10)
        #expect(links[0].down.longest / 1000 <= computed.down.count + 5000)
        // The one that nothing is sent by anyway.
        #expect(links[1].carried.longest == 0)
        #expect(links[1].tokensLost == 0...0)
        #expect(links[1].down.shortest > 0)
        // A token that is lost is sent again, and the timeout is far.
        #expect(links[0].tokensLost.upperBound > 0)
        #expect(links[0].longestWait.longest < 1_000_000_000)
    }

    @Test("Active loses nothing with a link, and with round robin less than all")
    func policies() throws {
        let active = try forecast(plan(policy: .active)).links
        #expect(active.allSatisfy { $0.carried.longest == 0 && $0.tokensLost == 0...0 && $0.breaks == 0 })
        let turns = try forecast(plan(policy: .roundRobin)).links
        #expect(turns.allSatisfy { $0.carried.longest > 0 && $0.breaks == 0 })
    }

    @Test("Where pings are rarer than the token's timeout a cut link takes the ring with it")
    func slowPings() throws {
        let links = try forecast(plan(timing: LinkTiming(pingInterval: 4000, timeout: 8000))).links
        #expect(links[0].breaks > 0)
        #expect(links[1].breaks == 0)
        #expect(links[0].carried.longest > 1_000_000_000)
    }

    @Test("A node without its links is left by the others as one that has died", arguments: [1, 2])
    func isolation(links count: Int) throws {
        let links = try forecast(plan(links: count))
        #expect(links.links.count == (count == 1 ? 0 : 2))
        #expect(links.isolation.count == 10)
        #expect(links.unfinishedIsolations == 0)
        // Its machine is silent, too, and the nodes heed that.
        let bound = try #require(
            FailureTimeline(.machineIsLost, timings, hop: Microseconds(200), rondo: RondoSettings()))
        #expect(links.isolation.shortest / 1000 >= bound.shortest.count)
        #expect(links.isolation.longest / 1000 <= bound.longest.count + 100_000)
    }

    @Test(
        "The loss that is taken for the ring is that of tokens over the real links",
        arguments: [
            (.passive, 50_000), (.active, 2500), (.roundRobin, 50_000),
        ] as [(LinkPolicy, UInt32)])
    func effectiveLoss(policy: LinkPolicy, perMillion: UInt32) {
        let plan = plan(policy: policy, losses: [50_000, 50_000])
        #expect(plan.links?.lossPerMillion == (policy == .active ? 2500 : 50_000))
        var scenario = plan.cuts(.link(0), number: 0, count: 0).scenario
        scenario.calmAt += 1_200_000
        var simulation = ClusterSimulation(scenario)
        simulation.record()
        let history = TokenHistory(simulation.run())
        let share = Double(history.lost(in: 0..<UInt64.max)) / Double(history.sent)
        // Where a ping is lost, too, passive sends by both links for a while.
        #expect(share < Double(perMillion) / 1e6 * 1.3 + 0.001)
        #expect(share > Double(perMillion) / 1e6 * 0.5 - 0.001)
    }

    @Test("A packet in pieces is lost with each of them")
    func pieces() {
        var conditions = NetworkConditions()
        conditions.lossPerMillion = 10_000
        conditions.pieceSize = 1400
        var network = NetworkModel(nodes: 2, conditions: conditions, chance: SeededGenerator(seed: 1))
        func lost(_ size: Int) -> Int {
            (0..<10_000).count { _ in network.fate(from: 0, to: 1, type: nil, size: size, now: 0).first == nil }
        }
        #expect((60...140).contains(lost(1400)))
        // 1 − 0.99⁴⁷
        #expect((3600...3920).contains(lost(65_536)))
    }
}
