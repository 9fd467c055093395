import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// `rondo confirm-down`: who says that a node is off hears what came of it.
    @Suite struct ConfirmDownToolTests {
        @Test("A killed node is parted with at once; a Corosync, an unknown node and the own one are refused in words")
        func outcomes() throws {
            var configuration = RingConfiguration()
            // Without beats, which would tell of the killed process, too.
            configuration.extra = "rondo {\n    beat: 0\n}\n"
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["10.77.0.\($0)"], name: "node\($0)") }
            let lab = try Mixture(.corosync, .rondo, .rondo).ring(configuration)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            func say(_ words: String..., on node: Int) throws -> CommandResult {
                try lab.node(node).run(words: [bench.rondo, "confirm-down"] + words)
            }

            let unknown = try say("node9", on: 2)
            #expect(unknown.status == .exited(1) && unknown.errors.contains("1 (node1), 2 (node2), 3 (node3)"))
            let own = try say("node2", on: 2)
            #expect(own.status == .exited(1) && own.errors.contains("is this node"))
            let corosync = try say("3", on: 1)
            #expect(corosync.status == .exited(1) && corosync.errors.contains("runs Corosync"))
            #expect(try lab.node(1).map()["runtime.rondo.confirm_down"] == nil)

            let marks = lab.marks
            try lab.node(3).killDaemon()
            let parted = try say("--yes", "--json", "node3", on: 2)
            #expect(parted.status == .exited(0), Comment(rawValue: parted.errors))
            let value = try JSONSerialization.jsonObject(with: Data(parted.output.utf8))
            #expect(try Schema(named: "confirm-down").faults(in: value).isEmpty)
            #expect(parted.output.contains("\"parted\""))
            // Long before the token counts as lost.
            #expect(try lab.awaitRing([1, 2], after: marks, within: .seconds(2)).members == [1, 2])
            let again = try say("3", on: 2)
            #expect(again.status == .exited(0) && again.output.contains("no member"))

            try lab.node(2).stop()
            let gone = try say("3", on: 2)
            #expect(gone.status == .exited(1) && gone.errors.contains("does not serve"))
        }
    }
}
