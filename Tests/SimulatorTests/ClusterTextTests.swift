import Basics
import Links
import Testing
import Totem
import TotemWire

@testable import Simulator

@Suite("Scenarios of whole nodes as text")
struct ClusterTextTests {
    /// What is read is also a configuration that a daemon starts with; the seeds are of interest only if it is.
    @Test("what is written is read again as it was", arguments: 0..<4)
    func roundTrip(block: UInt64) throws {
        for seed in (block * 300 + 1)...(block * 300 + 300) {
            let drawn = ClusterScenario.drawn(seed: seed)
            let text = ScenarioText.write(drawn)
            #expect(ScenarioText.layer(of: text) == .nodes)
            let read: ClusterScenario = try ScenarioText.read(text)
            #expect(read == drawn, "seed \(seed)")
        }
    }

    @Test("a scenario that was read takes the same course as the one that was written", arguments: [2, 7])
    func sameCourse(seed: UInt64) throws {
        let drawn = ClusterScenario.drawn(seed: seed, nodes: 3)
        let read: ClusterScenario = try ScenarioText.read(ScenarioText.write(drawn))
        #expect(read.run(RunView(), planted: nil).digest == drawn.run(RunView(), planted: nil).digest)
    }

    @Test("what nothing draws is written, too")
    func everything() throws {
        let ids = [NodeID(3), NodeID(5), NodeID(9)]
        var quorum = QuorumOptions(votes: [0, 2, 1])
        quorum.expectedVotes = 4
        quorum.waitForAll = false
        quorum.lastManStanding = 700
        quorum.autoTieBreaker = true
        quorum.tieBreakerNode = "9 3"
        quorum.allowDownscale = true
        quorum.tracksExpectedVotes = true
        var text = ConfigurationText(nodes: ids, quorum: quorum)
        text.totem = [("token", 500)]
        text.members = [.init(place: 0, id: ids[0]), .init(place: 2, id: ids[2])]
        text.configVersion = 7
        var links = NodeLinks(links: 2)
        links.links[1].priority = 7
        links.links[0].interfaceMTU = 1300
        links.links[0].timing = LinkTiming(pingInterval: 123, timeout: 456, pongCount: 5)
        links.policy = .roundRobin
        links.protection = Protection(hasCipher: false, hashSize: 48)
        links.mtu = 1200
        links.compressionThreshold = 77
        text.links = links
        var scenario = ClusterScenario(seed: 9, nodes: ids, configuration: text, calmAt: 800)
        scenario.starts = [0, 5_000_001, .max]
        scenario.drifts = [-3, 0, 7]
        scenario.versions = [nil, 4, 5]
        scenario.budgetInPieces = 5000
        scenario.comesBack = [true, false, true]
        scenario.losesDisk = [false, true, true]
        scenario.budget = 17
        var habits = GroupHabits(groups: ["a", "b.c"])
        (habits.sizes, habits.burst, habits.leavesOneIn, habits.diesOneIn) = (.exactly(90), 0, 3, 4)
        habits.wantsRing = false
        habits.inPiecesOneIn = 6
        var member = ProgramPlan(node: 2, kind: .groupMember(habits), pace: 1234)
        member.reading = .slowly(microseconds: 777)
        member.keepsProcess = false
        var watcher = ProgramPlan(node: 0, kind: .quorumWatcher(model: 0), pace: 5000)
        watcher.reading = .atTheEnd
        scenario.programs =
            [member, watcher]
            + [.voteWatcher, .mapWriter, .mapWatcher, .administrator].map { ProgramPlan(node: 1, kind: $0, pace: 10) }
        scenario.faults = [
            PlannedClusterFault(.at(milliseconds: 1), .own(.change(.set(key: "token", value: 900), by: 1))),
            PlannedClusterFault(.at(milliseconds: 1), .own(.change(.enlist(node: 1, votes: 2), by: 0))),
            PlannedClusterFault(.at(milliseconds: 1), .own(.change(.strike(node: 2), by: 0))),
            PlannedClusterFault(
                .at(milliseconds: 1), .own(.change(.protect(.clear, late: nil, milliseconds: 0), by: 0))),
            PlannedClusterFault(
                .at(milliseconds: 1),
                .own(
                    .change(
                        .protect(Protection(hasCipher: true, hashSize: 64), late: 2, milliseconds: 77), by: 0))),
            PlannedClusterFault(.at(milliseconds: 1), .own(.kill(node: 0, by: 2))),
            PlannedClusterFault(.at(milliseconds: 2), .own(.restartAll(inOrder: true, after: 44))),
            PlannedClusterFault(.at(milliseconds: 2), .loss(perMillion: 3)),
            PlannedClusterFault(.at(milliseconds: 2), .own(.link(.cut(link: 1, from: [0], to: [1, 2])))),
            PlannedClusterFault(.at(milliseconds: 2), .own(.link(.interfaceGone(node: 2, link: 0)))),
            PlannedClusterFault(.at(milliseconds: 3), .mend(from: [0], to: [1, 2])),
            PlannedClusterFault(
                .entering(node: 1, phase: .recovery, count: 2, beforeSending: true), .pause(node: 0, milliseconds: 9)),
        ]
        let read: ClusterScenario = try ScenarioText.read(ScenarioText.write(scenario))
        #expect(read == scenario)
    }

    @Test("people may write it and leave out what is as usual")
    func byHand() throws {
        let text = """
            rondo-scenario 1
            layer nodes   # with programs
            seed 3
            calm at 2s
            node 1
            node 2 drift -100
            totem token 400
            quorum two-node
            program on 2 member of alpha sends small up-to 2 every 20ms
            at 500ms crash 1
            """
        let scenario: ClusterScenario = try ScenarioText.read(text)
        #expect(scenario.nodes == [NodeID(1), NodeID(2)])
        #expect(scenario.drifts == [0, -100])
        #expect(scenario.configuration.quorum.twoNode)
        #expect(scenario.configuration.quorum.votes == [1, 1])
        #expect(scenario.configuration.members.count == 2)
        #expect(scenario.tokenTimeout == 400)
        var habits = GroupHabits(groups: ["alpha"])
        habits.burst = 2
        #expect(scenario.programs == [ProgramPlan(node: 1, kind: .groupMember(habits), pace: 20_000)])
        #expect(scenario.faults == [PlannedClusterFault(.at(milliseconds: 500), .crash(node: 0, sending: 0))])
        #expect(scenario.words.contains("on node 2 a member of alpha that sends up to 2 at a time"))
    }

    private static let start = "rondo-scenario 1\nlayer nodes\nseed 1\ncalm at 1s\nnode 1\nnode 2\n"

    @Test(
        "an error names the line, what is wrong there and what would be right",
        arguments: [
            ("rondo-scenario 1\nlayer moon", 2, "'moon' is not one of ring, nodes"),
            ("rondo-scenario 1\nlayer ring", 2, "'ring' is not 'nodes'"),
            ("rondo-scenario 1\nseed 1\nlayer nodes", 3, "the layer must be named in the second line"),
            (start + "stranger", 7, "'stranger' is not one of layer, seed, calm, node, network, totem, quorum"),
            (start + "totem Token 5", 7, "'Token' is not a key of the totem section, such as token"),
            (start + "totem token 5\ntotem token 6", 8, "totem token was given before"),
            (start + "totem token x", 7, "'x' is not a value of token from 0 to 4294967295"),
            (start + "totem join 5", 8, "no node would start with the corosync.conf"),
            (start + "quorum wait-for-all maybe", 7, "'maybe' is not 'no'"),
            (start + "quorum majority", 7, "'majority' is not one of votes, expected-votes, two-node"),
            (start + "program on 3 map-writer every 5ms", 7, "'3' is not a node of this scenario"),
            (start + "program on 1 gamer every 5ms", 7, "'gamer' is not one of member, quorum-watcher"),
            (start + "program on 1 map-writer every 1us", 7, "'1us' is not a time in whole us from 10 to 10000000"),
            (start + "program on 1 member of , sends small up-to 1 every 1ms", 7, "is not a list of groups"),
            (start + "at 1ms slow 1 by 5us", 7, "'slow' is not one of crash, restart"),
            (start + "at 1ms cut-link 0 from 1 to 2", 8, "'cut-link 0 from 1 to 2' is too much on this line"),
            (start + "mode rr", 8, "at least one line 'link N' is missing"),
            (start + "link 0 priority 1 mtu 1500\nprotection signed 33", 8, "'33' is not one of 16, 20, 32, 48, 64"),
            (start + "at 1ms change-keys clear", 7, "'change-keys' is not one of crash, restart"),
            (start + "at 1ms change by 1 protect clear", 8, "'change by 1 protect clear' is too much on this line"),
            (start + "at 1ms kill 1 by 9", 7, "'9' is not a node of this scenario"),
            (start + "at 1ms change by 1 ring token 5ms", 7, "'ring' is not one of totem, enlist, strike"),
        ])
    func errors(text: String, line: Int, what: String) {
        let error = #expect(throws: ScenarioTextError.self) { try ScenarioText.read(text, as: ClusterScenario.self) }
        #expect(error?.line == line)
        #expect(error?.description.contains(what) == true, "\(error?.description ?? "")")
    }
}
