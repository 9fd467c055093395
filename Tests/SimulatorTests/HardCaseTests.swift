import Testing
import TotemWire

@testable import Simulator

@Suite("Known hard cases")
struct HardCaseTests {
    /// A storm of 128 nodes takes minutes; their cold start is played.
    @Test(
        "each keeps every guarantee and ends as it should",
        arguments: HardCase.all.map(\.name).filter { $0 != "storm-128" })
    func outcome(name: String) throws {
        let hard = try #require(HardCase.named(name))
        var simulation = Simulation(hard.scenario)
        simulation.record()
        let outcome = simulation.run()
        #expect(outcome.violation == nil, "\(outcome.violation?.text ?? "")")
        #expect(hard.disappointment(outcome) == nil)
    }

    @Test("packets of another cluster are named as such")
    func diagnosis() throws {
        let hard = try #require(HardCase.named("foreign-ring"))
        let outcome = simulate(hard.scenario, tracing: true)
        #expect(outcome.trace.contains { $0.contains("is not in the nodelist") })
    }

    @Test("their names differ, and their texts replay them")
    func names() throws {
        #expect(Set(HardCase.all.map(\.name)).count == HardCase.all.count)
        for hard in HardCase.all {
            #expect(try ScenarioText.read(ScenarioText.write(hard.scenario)) == hard.scenario, "\(hard.name)")
        }
    }
}
