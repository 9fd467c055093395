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

    /// A call that has been begun.
    struct Call {
        fileprivate let number: Int
        /// Bytes of what was printed before it.
        fileprivate let taken: Int
    }

    /// Makes a call and returns the lines it printed.
    func tell(_ words: String, within limit: Duration = .seconds(30)) throws -> [String] {
        try end(begin(words), within: limit)
    }

    /// Begins a call that takes its time.
    func begin(_ words: String) throws -> Call {
        calls += 1
        let call = Call(number: calls, taken: tool.output.utf8.count)
        tool.type("\(calls) \(words)\n")
        return call
    }

    /// Waits for a call's end and returns the lines it printed; no other may have been begun meanwhile.
    func end(_ call: Call, within limit: Duration = .seconds(30)) throws -> [String] {
        let taken = call.taken
        try tool.awaitOutput("#\(call.number)\n", after: taken, within: limit)
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
