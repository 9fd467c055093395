import ClusterLab

/// The client program on a node, told one call at a time.
final class CommandedClient {
    let tool: RunningTool
    private var calls = 0

    /// - Parameter user: who runs it; root by default.
    init(_ node: Node, _ program: String, as user: UInt32? = nil) throws {
        let become = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []
        tool = try node.launch(become + [program])
        try tool.awaitOutput("pid ")
    }

    /// Makes a call and returns the lines it printed.
    func tell(_ words: String, within limit: Duration = .seconds(30)) throws -> [String] {
        calls += 1
        let taken = tool.output.utf8.count
        tool.type("\(calls) \(words)\n")
        try tool.awaitOutput("#\(calls)\n", after: taken, within: limit)
        return tool.output.utf8.dropFirst(taken).split(separator: 10).map {
            String(decoding: $0, as: UTF8.self)
        }
        .filter { !$0.hasPrefix("#") }
    }

    /// Ends without a word to the daemon.
    func die() throws {
        tool.type("\(calls + 1) die 9\n")
        _ = try tool.awaitEnd()
    }
}
