import ClusterConfiguration
import Testing
import TotemWire

@testable import Demonstration

@Suite("What is computed before anything runs")
struct PlanTests {
    @Test("without settings the timings are Corosync's defaults")
    func defaults() throws {
        let plan = try RingPlan(DemonstrationOptions())
        #expect(plan.timings.token == 3650)
        #expect(plan.timings.consensus == 4380)
        #expect(plan.timings.hold == 685)
        #expect(plan.origin == "Corosync's defaults")
        #expect(try Schedule(plan, seconds: nil) == Schedule(plan, seconds: 30))
    }

    @Test("every node has a configuration a daemon could start with", arguments: [2, 3, 32])
    func configurations(nodes: Int) throws {
        let plan = try shortPlan(nodes: nodes)
        for id in plan.nodes {
            let configuration = try plan.configuration(of: id)
            #expect(configuration.localNodeID == id)
            #expect(configuration.links.first?.localAddress?.description == "127.0.0.\(id)")
            #expect(configuration.timings.token == 300)
        }
    }

    @Test("over knet every node has two links, sealed where there is a key", arguments: [nil, RingKey.suite])
    func links(suite: SealSuite?) throws {
        var options = shortOptions()
        options.network = .knet(isSealed: suite != nil)
        let plan = try RingPlan(options, sealing: .init(suite: suite))
        for id in plan.nodes {
            let configuration = try plan.configuration(of: id)
            #expect(configuration.transport == .knet)
            #expect(
                configuration.links.map { $0.localAddress?.description } == ["127.0.0.\(id)", "127.0.1.\(id)"])
            #expect(configuration.crypto.suite == suite)
        }
        // As long as three pongs take that a link which was down before needs.
        #expect(plan.returning == (try shortPlan()).returning + Microseconds(225_000))
        let schedule = try Schedule(plan, seconds: 20)
        let calm = schedule.rest + schedule.talk + schedule.alone + schedule.together
        // A cut link is given up 150 ms after its last pong, and is up again after 225 ms.
        let links = Microseconds(150_000 + 225_000) + Schedule.beforeDeath
        let all = calm + plan.failure.longest + plan.returning * 2 + Schedule.beforeDeath + links
        #expect(all.count <= 20_000_000 && all.count > 19_990_000)
    }

    @Test("the timings of a corosync.conf are taken, its nodes are not")
    func document() throws {
        var options = DemonstrationOptions()
        options.nodes = 2
        let text = """
            totem {
                version: 2
                cluster_name: theirs
                token: 5000
                token_retransmits_before_loss_const: 10
            }
            nodelist {
                node {
                    nodeid: 7
                    ring0_addr: 192.0.2.7
                }
            }
            """
        options.document = try ConfigurationDocument(Array(text.utf8), file: "their.conf")
        let plan = try RingPlan(options)
        #expect(plan.timings.token == 5000)
        #expect(plan.timings.tokenRetransmit == 490)
        #expect(plan.origin == "their.conf")
        #expect(plan.nodes == ids(1...2))
    }

    @Test("timings that no ring would accept are refused with the configuration's own words")
    func violation() {
        var options = DemonstrationOptions()
        options.settings = [("totem.token_coefficient", "0"), ("totem.token", "10")]
        #expect(throws: ConfigurationError.self) { _ = try RingPlan(options) }
    }

    @Test("a key that is no timing is refused")
    func foreignKey() {
        var options = DemonstrationOptions()
        options.settings = [("totem.transport", "knet")]
        #expect(throws: DemonstrationError.self) { _ = try RingPlan(options) }
    }

    @Test("a time too short for the timeouts is refused, and the message says what would do")
    func tooShort() throws {
        let plan = try RingPlan(DemonstrationOptions())
        let least = Schedule.least(plan)
        #expect(throws: Never.self) { try Schedule(plan, seconds: UInt32(least)) }
        let error = #expect(throws: DemonstrationError.self) { try Schedule(plan, seconds: UInt32(least - 1)) }
        #expect(error?.description.contains("give --seconds \(least) or more") == true)
        #expect(error?.isUsage == true)
    }

    @Test("the parts of a run add up to its length")
    func length() throws {
        let plan = try shortPlan()
        let schedule = try Schedule(plan, seconds: 20)
        let calm = schedule.rest + schedule.talk + schedule.alone + schedule.together
        let all = calm + plan.failure.longest + plan.returning * 2 + Schedule.beforeDeath
        #expect(all.count <= 20_000_000 && all.count > 19_990_000)
    }

    @Test("the more nodes, the fewer packets may be lost", arguments: [(2, 20.0), (3, 16.6), (5, 10.7), (32, 1.8)])
    func loss(nodes: Int, limit: Double) throws {
        let plan = try shortPlan(nodes: nodes)
        #expect(LossLimit.percent(plan.timings) == limit)
        #expect(throws: Never.self) { try LossLimit.check(limit, plan.timings) }
        let error = #expect(throws: DemonstrationError.self) { try LossLimit.check(limit + 0.1, plan.timings) }
        #expect(error?.description.contains("give --loss \(limit) or less") == true)
    }
}
