import ClusterConfiguration
import ClusterEngine
import Testing
import Totem

@testable import Simulator

@Suite("Forecasts of a ring")
struct ForecastTests {
    private func plan(
        nodes: UInt32 = 3, token: UInt32 = 1000, minutes: UInt64 = 20, loss: UInt32 = 0,
        delay: DurationDistribution = .constant(1_000_000), pauses: ForecastPlan.Pauses? = nil, failovers: Int = 0,
        seed: UInt64 = 1
    ) -> ForecastPlan {
        var inputs = TimingInputs(nodeCount: nodes)
        inputs.set("totem.token", .u32(token), source: .override)
        inputs.set("totem.token_coefficient", .u32(0), source: .override)
        var network = NetworkConditions()
        network.spread = delay
        network.lossPerMillion = loss
        network.keepsOrder = false
        var plan = ForecastPlan(
            nodes: Int(nodes), parameters: RingParameters(DerivedTimings(inputs).totem, netMTU: 1410), network: network,
            pauses: pauses, span: minutes * 60_000_000_000, seed: seed)
        plan.failovers = failovers
        return plan
    }

    private func forecast(_ plan: ForecastPlan, only kind: (ForecastPlan.Task) -> Bool = { _ in true }) -> Forecast {
        let forecast = Forecast(plan, plan.tasks.filter(kind).map(plan.run))
        #expect(forecast.defect == nil, "\(forecast.defect?.text ?? "")")
        return forecast
    }

    private func rests(_ task: ForecastPlan.Task) -> Bool { if case .rest = task { true } else { false } }
    private func deaths(_ task: ForecastPlan.Task) -> Bool { if case .deaths = task { true } else { false } }
    private func loads(_ task: ForecastPlan.Task) -> Bool { if case .load = task { true } else { false } }

    private func isQuiet(_ task: ForecastPlan.Task) -> Bool { !loads(task) }

    private func pauses(p99: UInt64, every: UInt64 = 20_000) -> ForecastPlan.Pauses {
        .init(length: .logNormal(p99: p99 * 1_000_000, sigma: 1), every: every * 1_000_000)
    }

    @Test(
        "timeouts of weeks are refused with their line, whatever key asks for them",
        arguments: [
            "token: 4294960000", "token: 2147483648", "hold: 4294967295", "token_retransmit: 4294967295",
            "token_coefficient: 100000000",
        ])
    func timeoutsOfWeeks(line: String) throws {
        var text = "totem {\nversion: 2\ntransport: udpu\n\(line)\n}\nnodelist {\n"
        for node in 1...3 { text += "node {\nring0_addr: 10.77.0.\(node)\nnodeid: \(node)\n}\n" }
        let document = try ConfigurationDocument(Array((text + "}\n").utf8), file: "F")
        let error = try #require(ForecastPlan.refusal(of: DerivedTimings(try TimingInputs(document))))
        #expect(error.origin == Origin(file: "F", line: 4))
        #expect(error.permitted == "up to 3600000 ms, an hour")
        #expect(ForecastPlan.refusal(of: DerivedTimings(TimingInputs(nodeCount: 384))) == nil)
    }

    @Test("tasks of any timings can be weighed", arguments: [UInt32(1), 3_600_000, UInt32.max])
    func weights(timeout: UInt32) {
        var plan = plan(nodes: 384, delay: .constant(60_000_000_000), failovers: 100_000)
        plan.parameters.hold = timeout
        plan.parameters.token = timeout
        plan.parameters.consensus = timeout
        #expect(plan.weight(of: plan.tasks) > 0)
    }

    @Test("a quiet ring beats once in hold and a rotation, and does not break")
    func quiet() {
        let plan = plan(minutes: 3)
        let forecast = forecast(plan, only: rests)
        #expect(abs(Double(forecast.beat.median) / Double(plan.beat) - 1) < 0.001)
        #expect(forecast.breaks.events == 0)
        #expect(forecast.breaks.likely.upperBound > 500_000)
        #expect(forecast.expected == ExpectedBreaks(plan))
        #expect(forecast.expected.breaks == 0)
    }

    @Test("failovers lie within what rondo timing computes", arguments: [UInt32(2), 3, 5, 9])
    func failovers(nodes: UInt32) throws {
        let plan = plan(nodes: nodes, minutes: 0, failovers: 20)
        let forecast = forecast(plan, only: deaths)
        #expect(forecast.failover.count == 20)
        #expect(forecast.unfinishedFailovers == 0)
        var inputs = TimingInputs(nodeCount: nodes)
        inputs.set("totem.token", .u32(1000), source: .override)
        inputs.set("totem.token_coefficient", .u32(0), source: .override)
        let timings = DerivedTimings(inputs).totem
        let hop = Microseconds(1000)
        let bounds = [FailureTimeline.Scenario.nodeDies, .representativeDies].compactMap {
            FailureTimeline($0, timings, hop: hop)
        }
        let shortest = try #require(bounds.map(\.shortest.count).min())
        let longest = try #require(bounds.map(\.longest.count).max())
        // The bounds are in whole steps of the protocol; calling the machine takes a microsecond here.
        #expect(forecast.failover.shortest / 1000 >= shortest)
        #expect(forecast.failover.longest / 1000 <= longest + 100)
    }

    @Test("longer pauses break the ring more often, a longer token less often but with a slower failover")
    func pausesAndTokens() {
        let few = forecast(plan(minutes: 6, pauses: pauses(p99: 1000, every: 6000), failovers: 4), only: isQuiet)
        let many = forecast(plan(minutes: 6, pauses: pauses(p99: 4000, every: 6000), failovers: 4), only: isQuiet)
        let patient = forecast(
            plan(token: 3000, minutes: 6, pauses: pauses(p99: 4000, every: 6000), failovers: 4), only: isQuiet)
        #expect(few.breaks.events < many.breaks.events)
        #expect(patient.breaks.events < many.breaks.events)
        #expect(many.failover.median < patient.failover.median)
        #expect(many.breakLength.count > 0)
        #expect(many.exclusions.events <= many.breaks.events)
    }

    @Test("where nodes beat a lost machine is missed by silence, and the end of a process at once")
    func silence() {
        var plan = plan(token: 3000, minutes: 0, failovers: 12)
        plan.parameters.beat = 240
        plan.parameters.silence = 2439
        let forecast = forecast(plan, only: deaths)
        #expect(forecast.failover.count == 12 && forecast.processFailover.count == 12)
        #expect(forecast.unfinishedFailovers == 0)
        // The promise and two beats after its last sign, which was up to a beat before.
        #expect(forecast.failover.shortest > 2_439_000_000)
        #expect(forecast.failover.longest < 3_200_000_000)
        #expect(forecast.processFailover.longest < 400_000_000)
    }

    @Test("stalls of processes break no ring for silence, since their machines answer")
    func stalls() {
        var plan = plan(token: 3000, minutes: 60, pauses: pauses(p99: 2900, every: 6000))
        let mute = forecast(plan, only: rests)
        plan.parameters.beat = 240
        plan.parameters.silence = 2439
        let beating = forecast(plan, only: rests)
        #expect(mute.breaks.events > 0)
        #expect(beating.exclusions.events <= mute.exclusions.events)
        #expect(beating.breaks.events <= mute.breaks.events + mute.breaks.events / 4)
    }

    @Test("what pauses lead to by computation is what the simulation shows")
    func computedPauses() {
        let forecast = forecast(plan(minutes: 40, pauses: pauses(p99: 2000, every: 10_000)), only: rests)
        #expect(forecast.breaks.events > 20)
        #expect(abs(forecast.breaks.perYear / forecast.expected.fromPauses - 1) < 0.5)
    }

    @Test("what losses lead to by computation is what the simulation shows")
    func computedLosses() {
        let forecast = forecast(plan(minutes: 60, loss: 100_000), only: rests)
        #expect(forecast.breaks.events > 8)
        // Chance alone is good for a fifth either way.
        #expect((0.5...2).contains(forecast.breaks.perYear / forecast.expected.fromLoss))
    }

    @Test("at full load the window is sent once in a rotation")
    func load() {
        let forecast = forecast(plan(minutes: 0, delay: .constant(2_000_000)), only: loads)
        #expect(abs(Double(forecast.rotation.median) / 6_000_000 - 1) < 0.01)
        // 50 frames of one message each, in 6 ms.
        #expect(abs(forecast.messagesPerSecond / 8333 - 1) < 0.1)
    }

    @Test("what nodes need for their turns a busy ring takes longer for each rotation, an idle one for each beat")
    func turns() {
        var plan = plan(minutes: 1, delay: .constant(2_000_000))
        plan.network.turn = 400_000
        let busy = forecast(plan, only: loads)
        #expect(abs(Double(busy.rotation.median) / 7_200_000 - 1) < 0.01)
        #expect(abs(busy.messagesPerSecond / 6944 - 1) < 0.1)
        let idle = forecast(plan, only: rests)
        #expect(abs(Double(idle.beat.median) / Double(plan.beat) - 1) < 0.001)
        #expect(plan.beat == UInt64(plan.parameters.hold) * 1_000_000 + 7_200_000)
    }

    @Test("where tokens get lost a busy ring mostly waits for them")
    func loadWithLoss() {
        let forecast = forecast(plan(minutes: 0, loss: 60_000, delay: .constant(2_000_000)), only: loads)
        #expect(forecast.waitingShare > 0.3)
        #expect(forecast.messagesPerSecond < 6000)
    }

    @Test("the same seed forecasts the same, in whatever order the tasks run; another one does not")
    func determinism() {
        let plan = plan(minutes: 2, loss: 10_000, pauses: pauses(p99: 1500), failovers: 2)
        let tasks = plan.tasks.filter(isQuiet)
        let parts = tasks.map(plan.run)
        let again = Array(tasks.reversed().map(plan.run).reversed())
        #expect(parts.map(\.digest) == again.map(\.digest))
        let other = self.plan(minutes: 2, loss: 10_000, pauses: pauses(p99: 1500), failovers: 2, seed: 2)
        #expect(parts.map(\.digest) != other.tasks.filter(isQuiet).map(other.run).map(\.digest))
    }

    @Test("the rule of three, and Poisson's interval")
    func rates() {
        let day: UInt64 = 86_400_000_000_000
        #expect(abs(Rate(events: 0, span: day).likely.upperBound - 3 * 365.25) < 0.001)
        let ten = Rate(events: 10, span: day)
        #expect(abs(ten.likely.lowerBound / 365.25 - 4.795) < 0.05)
        #expect(abs(ten.likely.upperBound / 365.25 - 18.39) < 0.05)
    }

    @Test("the token that is asked for keeps what it promises")
    func search() throws {
        var inputs = TimingInputs(nodeCount: 5)
        inputs.set("totem.token", .u32(1000), source: .override)
        var plan = plan(pauses: pauses(p99: 400, every: 10_000))
        plan.nodes = 5
        plan.parameters = RingParameters(DerivedTimings(inputs).totem, netMTU: 1410)
        let search = TokenSearch(plan, inputs, rondo: RondoSettings(beat: 0), breaksAYear: 1)
        let needed = try #require(search.needed)
        #expect(!search.isEnough)
        #expect(needed.breaksAYear <= 1)
        #expect(needed.effective == needed.configured + 3 * 650)
        let stricter = try #require(
            TokenSearch(plan, inputs, rondo: RondoSettings(beat: 0), breaksAYear: 0.1).needed)
        #expect(stricter.configured > needed.configured)
        #expect(stricter.longestFailover > needed.longestFailover)
    }

    @Test("a network slower than the token is said to be so, not taken for a defect")
    func hopeless() {
        let plan = plan(minutes: 1, delay: .constant(400_000_000))
        #expect(plan.isBeyondProtocol)
        let forecast = Forecast(plan, plan.tasks.filter(rests).map(plan.run))
        #expect(forecast.defect == nil)
    }
}
