import ClusterLab
import Foundation

/// A real ring of one case, and what is measured on it. Times in milliseconds.
final class ForecastRing {
    let subject: ForecastCase
    let lab: Laboratory
    let shaper: Shaper
    /// Of the deaths that count.
    var failovers: [Double] = []
    private(set) var breaks: [Double] = []

    init(_ subject: ForecastCase) throws {
        self.subject = subject
        lab = try Mixture(Array(repeating: .rondo, count: subject.nodes)).ring(subject.configuration)
        shaper = try lab.shape(subject.shape)
    }

    /// The configuration as a file outside of the laboratory's machines.
    func configurationFile() throws -> String {
        let path = lab.folder + "/forecast.conf"
        try lab.configuration.text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    // MARK: Deaths

    private var victim = 0
    private var death = WallTime.now
    private var marks: [Int] = []

    func kill() throws {
        let node = lab.nodes[victim % lab.nodes.count]
        victim += 1
        marks = lab.marks
        death = .now
        try node.killDaemon()
    }

    /// How long the others needed to be in a ring without the node killed last.
    func awaitFailover() throws -> Double {
        let smaller = try lab.awaitRing(after: marks, within: lab.timings.afterDeath + lab.timings.afterDeath)
        return Double(smaller.millisecondsSince(death))
    }

    func restart() throws { for node in lab.nodes where !node.isRunning { try node.start(.rondo) } }

    func awaitWhole() throws { _ = try lab.awaitRing(within: lab.startLimit + lab.timings.afterDeath) }

    // MARK: Pauses

    /// From the first node that gives the ring up until all are in one again.
    func pauseOnce(_ node: Int) throws {
        guard let pause = subject.pause else { return }
        marks = lab.marks
        lab.node(node).pause()
        try [lab].rest(pause)
        lab.node(node).resume()
        let whole = try lab.awaitRing(
            lab.nodes.map(\.number), after: marks, within: lab.timings.afterDeath + lab.timings.afterDeath)
        let lost = lab.nodes.compactMap { node in
            node.log.entries(after: marks[node.number - 1]).first { $0.message.hasPrefix("A processor failed") }?.time
        }
        if let first = lost.min(by: { $1.milliseconds(to: $0) < 0 }) {
            breaks.append(Double(whole.millisecondsSince(first)))
        }
    }

    // MARK: Load

    struct Load {
        /// What a node needed for its turn, in milliseconds.
        let turn: Double
        /// Delivered in a second.
        let messages: Double
        /// Of the token: the median.
        let rotation: Double
        /// The share of the processors' time that the machine's host took away meanwhile.
        let stolen: Double
    }

    /// Has every node send as much as it may, and measures what a turn takes and what comes of it.
    func load(_ program: String) throws -> Load {
        let members = try lab.nodes.map { node in
            try node.launch([
                program, "send", "forecast", "\(lab.nodes.count)", "\(ForecastCase.messageSize)", "/run/lab/progress",
            ])
        }
        defer { withExtendedLifetime(members) {} }
        let file = lab.node(1).folder + "/progress"
        try lab.wait(for: "the senders to begin", within: .seconds(20)) { try received(file) > 200 }
        // Queues fill first.
        try [lab].rest(.seconds(1))
        let node = lab.node(2)
        let capture = try node.capture(Self.tokens)
        let times = try ProcessorTimes.now
        let start = (try received(file), ContinuousClock.now)
        // Long enough for lost tokens to be counted, where there are any.
        try [lab].rest(.seconds(subject.shape.loss > 0 ? 20 : 8))
        let end = (try received(file), ContinuousClock.now)
        let packets = try capture.finish()
        guard let turn = packets.tokenTurn(at: node.address),
            let rotation = packets.tokenIntervals(at: node.address).median
        else { throw LabError.unreadable("no token in the capture of a busy ring") }
        return Load(
            turn: turn, messages: Double(end.0 - start.0) / start.1.duration(to: end.1).inSeconds, rotation: rotation,
            stolen: try ProcessorTimes.now.stolenShare(since: times))
    }

    /// Of the datagrams to Totem's port those whose fourth byte says that they are tokens, however long.
    private static let tokens = "udp port 5405 and udp[11] = 0"

    private func received(_ file: String) throws -> UInt64 {
        guard let handle = FileHandle(forReadingAtPath: file) else { return 0 }
        defer { try? handle.close() }
        guard let data = try handle.read(upToCount: 16), data.count == 16 else { return 0 }
        return data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self) }
    }
}
