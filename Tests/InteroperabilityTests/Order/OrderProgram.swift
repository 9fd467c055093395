import ClusterLab
import Foundation

/// The C program that loads a group and writes down what it is told, on every node of a laboratory.
final class OrderProgram {
    static let group = "order"

    private let members: [(node: Node, tool: RunningTool)]
    private static let file = "order.records"

    /// Compiles it, where the other client programs can be compiled.
    static func build(in place: String) throws -> String {
        let program = place + "/order"
        let result = try run(
            [
                "cc", "-Wall", "-Wextra", "-Werror", "-O2", "-o", program, "\(ClientProgram.folder)/order.c", "-lcpg",
            ], within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
        return program
    }

    /// Starts it on every node; each sends as soon as all have joined.
    ///
    /// - Parameters:
    ///   - program: Its path, the same outside and on the nodes.
    ///   - rate: Messages a second that each node may send.
    init(_ program: String, on lab: Laboratory, rate: Int = 500) throws {
        members = try lab.nodes.map { node in
            let tool = try node.launch([
                program, Self.group, "\(lab.nodes.count)", "\(rate)", "1", "/run/lab/\(Self.file)",
            ])
            return (node, tool)
        }
    }

    /// How much each has written, in bytes.
    func written() -> [Int] {
        members.map { member in
            let path = "\(member.node.folder)/\(Self.file)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return attributes?[.size] as? Int ?? 0
        }
    }

    /// Has all send their last message, waits until all have all of them, and ends the writing.
    func finish(in lab: Laboratory) throws {
        for member in members { member.tool.type("finish\n") }
        try lab.wait(for: "the last message of every node on all nodes", within: .seconds(20)) {
            members.allSatisfy { $0.tool.output.contains("finished\n") }
        }
        for member in members { member.tool.type("close\n") }
        for member in members { try member.tool.awaitOutput("closed\n") }
    }

    /// What each node was told, with the rings its daemon formed.
    func histories() throws -> [NodeHistory] {
        try members.map { member in
            let data = try Data(contentsOf: URL(filePath: "\(member.node.folder)/\(Self.file)"))
            var history = NodeHistory(node: member.node.id, engine: member.node.engine?.description ?? "no engine")
            history.lives = try RecordReader.lives(in: [UInt8](data))
            history.rings = member.node.log.membershipsByStart.map { $0.compactMap { RingName($0.ring) } }
            return history
        }
    }
}
