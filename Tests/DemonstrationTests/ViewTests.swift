import Basics
import ClusterConfiguration
import Testing
import TotemWire

@testable import Demonstration

@Suite("What is drawn")
struct ViewTests {
    private func director(nodes: Int, _ network: DemonstrationOptions.Network = .udpu) throws -> Director {
        var options = shortOptions(nodes: nodes)
        options.network = network
        let plan = try RingPlan(options)
        return Director(
            plan: plan, schedule: try Schedule(plan, seconds: nil), options: options, port: 54321, now: time(0))
    }

    private func statuses(_ nodes: Int, _ phase: NodeStatus.Phase) -> [NodeStatus] {
        let all = ids(1...UInt32(nodes))
        return all.map { id in
            NodeStatus(
                id: id, phase: id.rawValue == 2 ? .down : phase,
                ring: RingID(representative: NodeID(32), sequence: 0xFFFF), members: all, visits: 123_456_789,
                links: LinkPlan.numbers.map { .init(number: $0, paths: nodes - 1, up: nodes - 1, sent: 123_456_789) })
        }
    }

    @Test("the picture fits 80 columns and leaves room for the story in 24 lines", arguments: [2, 3, 8, 9, 32])
    func fits(nodes: Int) throws {
        var director = try director(nodes: nodes)
        for id in director.plan.nodes {
            for now: UInt64 in [0, 10_000, 20_000] { director.observe(.tokenVisit, of: id, at: time(now)) }
        }
        for phase in [NodeStatus.Phase.starting, .operational, .gather, .commit, .recovery] {
            for glyphs in [Glyphs.unicode, .ascii] {
                let scene = Scene(
                    director: director, statuses: statuses(nodes, phase), now: time(25_000), glyphs: glyphs)
                #expect(scene.lines.count <= 14)
                for line in scene.lines { #expect(line.text.count <= Scene.width, "\(line.text)") }
                #expect(
                    scene.lines.contains { $0.text.contains(phase == .starting && nodes > 8 ? "ring" : phase.rawValue) }
                )
            }
        }
    }

    @Test("with links there is a line for each, how many paths are up and what it carries", arguments: [2, 8, 32])
    func links(nodes: Int) throws {
        let scene = Scene(
            director: try director(nodes: nodes, .knet(isSealed: false)), statuses: statuses(nodes, .operational),
            now: time(25_000), glyphs: .ascii)
        let paths = nodes * (nodes - 1)
        for number in LinkPlan.numbers {
            #expect(scene.lines.contains { $0.text.contains("link \(number)  up on \(paths) of \(paths) paths") })
        }
        #expect(scene.lines.count <= 16)
        for line in scene.lines { #expect(line.text.count <= Scene.width, "\(line.text)") }
    }

    @Test("ASCII pictures are ASCII")
    func ascii() throws {
        let scene = Scene(
            director: try director(nodes: 3), statuses: statuses(3, .operational), now: time(1), glyphs: .ascii)
        #expect(scene.lines.allSatisfy { $0.text.utf8.allSatisfy { $0 < 128 } })
    }

    @Test("story lines are wrapped to the width, columns keep their places")
    func story() {
        let text = "  token lost    3.65 s   2.96 s - 3.65 s     node 1 misses it first"
        let line = StoryLine(time: Microseconds(17_201_400), tone: .fact, text: text)
        #expect(StoryText.lines(line, width: 79).map(\.text) == [" 17.201  " + text])
        let long = StoryLine(time: .zero, tone: .fact, text: String(repeating: "word ", count: 40))
        let lines = StoryText.lines(long, width: 79).map(\.text)
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= 79 && !$0.hasSuffix(" ") })
    }

    @Test("colours are written only when wanted, and never split by the edge")
    func colours() {
        var line = StyledLine(.red, "dead")
        line.add(.plain, " and gone")
        #expect(line.rendered(colored: false, width: 79) == "dead and gone")
        #expect(line.rendered(colored: true, width: 6) == "\u{1B}[31mdead\u{1B}[0m a")
        #expect(line.rendered(colored: true, width: 2) == "\u{1B}[31mde\u{1B}[0m")
    }

    @Test(
        "node lists are short",
        arguments: [
            ([], "-"), ([1], "1"), ([1, 2, 3], "1 2 3"), ([1, 2, 3, 4], "1-4"), ([1, 2, 4, 5, 6], "1-2 4-6"),
            ([1, 3, 5, 7], "1 3 5 7"),
        ] as [([UInt32], String)])
    func lists(nodes: [UInt32], text: String) {
        #expect(NodeListText.text(nodes.map { NodeID($0) }) == text)
    }
}
