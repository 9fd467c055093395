import ClusterLab
import Testing

/// A machine of its own on which the probe serves the map and the configuration service.
final class ProbedMachine {
    static let program = Checkout.root + "/.build/debug/ipc-probe"
    let laboratory: Laboratory
    let server: RunningTool

    /// - Parameter queueLimit: bytes that may wait for one client.
    init(queueLimit: Int = 64 * 1024 * 1024) throws {
        laboratory = try Laboratory(nodes: 1)
        server = try laboratory.node(1).launch([Self.program, "serve", "\(queueLimit)"])
        try server.awaitOutput("ready")
    }

    deinit { laboratory.close() }

    /// Runs a program and returns its standard output, then its standard error, then its exit status.
    func run(_ words: String...) throws -> String {
        let result = try laboratory.node(1).run(words: words)
        return result.output + result.errors + "\(result.status)"
    }

    /// Runs a program again and again until what it says fits: the server sees that a client has gone a moment later.
    func run(_ words: String..., until fits: (String) -> Bool) throws {
        try laboratory.wait(for: words.joined(separator: " "), within: .seconds(5)) {
            let result = try laboratory.node(1).run(words: words)
            return fits(result.output + result.errors + "\(result.status)")
        }
    }

    /// Sends requests to a service and returns what came back, line by line.
    func call(_ service: String, _ words: [String]) throws -> [String] {
        try laboratory.node(1).run(words: [Self.program, "call", service] + words).output
            .split(separator: "\n").map(String.init)
    }
}
