import ClusterLab

/// The clients of one scenario on one cluster, and what they print.
final class Conversation {
    private let laboratory: Laboratory
    private let engines: [Engine]
    private let program: String
    private var clients: [(name: String, client: Client)] = []
    private var transcript = Transcript()
    private var lastCall = 0

    /// How long one call or event may take: a ring that has to form again, and a busy machine.
    private static let limit: Duration = .seconds(20)

    /// - Parameter program: the client program's path, the same outside and on the nodes.
    init(_ laboratory: Laboratory, _ engines: [Engine], program: String) {
        self.laboratory = laboratory
        self.engines = engines
        self.program = program
    }

    /// Plays the scenario and ends its clients.
    ///
    /// - Returns: what was done, called and printed, with process and ring numbers replaced by names.
    func play(_ scenario: Scenario) throws -> [String] {
        for (line, step) in scenario.steps {
            do {
                try play(step, line)
            } catch {
                throw LabError.unreadable(
                    "\(scenario.name), at '\(line)': \(error)\n" + transcript.lines.suffix(30).joined(separator: "\n"))
            }
        }
        for (_, client) in clients { client.tool.type("") }
        clients = []
        return transcript.lines
    }

    private func play(_ step: Scenario.Step, _ line: String) throws {
        switch step {
        case .call(let name, let words, let waits):
            let client = try client(name)
            lastCall += 1
            client.pending = lastCall
            client.tool.type("\(lastCall) \(words)\n")
            transcript.add(line)
            if waits { try take(until: "#\(lastCall)\n", from: client, name) }
        case .awaitReturn(let name):
            let client = try client(name)
            try take(until: "#\(client.pending)\n", from: client, name)
        case .awaitText(let name, let text):
            try take(until: text, from: try client(name), name)
        case .awaitEnd(let name):
            let client = try client(name)
            let status = try client.tool.awaitEnd(within: Self.limit)
            transcript.add(client.rest, of: name, on: client.node)
            transcript.add("\(name) has ended: \(status)")
            clients.removeAll { $0.name == name }
        case .cluster(let words):
            try laboratory.carryOut(words, engines)
            transcript.add(line)
        }
    }

    private func take(until text: String, from client: Client, _ name: String) throws {
        try client.tool.awaitOutput(text, after: client.taken, within: Self.limit)
        transcript.add(client.rest, of: name, on: client.node)
    }

    private func client(_ name: String) throws -> Client {
        if let known = clients.first(where: { $0.name == name }) { return known.client }
        guard let digit = name.first?.wholeNumberValue, (1...laboratory.nodes.count).contains(digit) else {
            throw LabError.unreadable("'\(name)' names no node of this cluster")
        }
        let new = Client(try laboratory.node(digit).launch([program]), node: digit)
        clients.append((name, new))
        try take(until: "pid ", from: new, name)
        return new
    }
}

/// One client process.
private final class Client {
    let tool: RunningTool
    let node: Int
    /// The call whose return was not waited for.
    var pending = 0
    /// Bytes of its output that the transcript has.
    private(set) var taken = 0

    init(_ tool: RunningTool, node: Int) {
        self.tool = tool
        self.node = node
    }

    /// What it has printed in whole lines since this was last asked.
    var rest: [String] {
        let new = Array(tool.output.utf8.dropFirst(taken))
        guard let end = new.lastIndex(of: 10) else { return [] }
        taken += end + 1
        return String(decoding: new[..<end], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Laboratory {
    /// `kill N`, `stop N`, `start N`, `ends N`, `ring N...`, `split N,N N`, `heal`, `rewrite FROM TO` (text of every
    /// node's configuration as it was at the start, blanks written as `_`).
    fileprivate func carryOut(_ words: [String], _ engines: [Engine]) throws {
        let numbers = words.dropFirst().compactMap { Int($0) }
        switch words.first {
        case "kill": for number in numbers { try node(number).killDaemon() }
        case "stop": for number in numbers { try node(number).stop() }
        case "ends": for number in numbers { _ = try node(number).awaitEnd(within: .seconds(20)) }
        case "start": for number in numbers { try node(number).start(engines[number - 1]) }
        case "ring": try awaitRing(numbers, within: startLimit)
        case "split": try partition(words.dropFirst().map { set in set.split(separator: ",").compactMap { Int($0) } })
        case "heal": try heal()
        case "rewrite" where words.count == 3:
            let parts = words.dropFirst().map { $0.replacing("_", with: " ") }
            for node in nodes { try node.configure(configuration.text.replacing(parts[0], with: parts[1])) }
        default: throw LabError.unreadable("the laboratory cannot '\(words.joined(separator: " "))'")
        }
    }
}
