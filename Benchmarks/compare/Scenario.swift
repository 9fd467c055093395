import ArgumentParser
import ClusterLab
import Glibc

/// One ring, formed anew, and what is measured on it.
enum Scenario: String, CaseIterable, ExpressibleByArgument {
    /// A ring of three with Corosync's defaults that nothing happens to; also its memory.
    case idle
    /// A ring whose representative never holds the token: as many rotations as the engines can make.
    case spinning
    /// A ring whose three nodes multicast changes of a key as fast as local clients can make them.
    case messages
    /// A process group on three nodes, of which one or all multicast as fast as they are let.
    case groups
    /// A process group in which one node multicasts 200 messages a second.
    case latency
    /// One node alone, from its start to its report that it is ready.
    case startUp = "start-up"

    /// - Parameter loads: what process groups are loaded with.
    func measure(
        _ engine: Engine, on network: BenchNetwork, seconds: Int, loads: [Load]
    ) throws -> [Figure: Double] {
        switch self {
        case .idle: try idle(engine, network, seconds)
        case .spinning: try spinning(engine, network, seconds)
        case .messages: try messages(engine, network, seconds)
        case .groups: try groups(engine, network, seconds, loads)
        case .latency: try latency(engine, network, seconds)
        case .startUp: try startUp(engine, network)
        }
    }

    // MARK: - The measurements

    private func idle(_ engine: Engine, _ network: BenchNetwork, _ seconds: Int) throws -> [Figure: Double] {
        let lab = try ring(engine, network, [])
        defer { lab.close() }
        // The ring spins for a while after its last message, and page tables settle.
        usleep(2_000_000)
        let (tokens, elapsed, processor) = try observe(lab, seconds)
        let memories = try lab.nodes.map { try $0.memory() }
        func mean(_ part: (MemoryFigures) -> Int) -> Double {
            Double(memories.map(part).reduce(0, +)) / Double(memories.count) / 1024
        }
        return [
            .idleRotation: elapsed / tokens * 1000,
            .idleProcessor: processor / elapsed * 1e6,
            .residentMemory: mean(\.resident),
            .proportionalMemory: mean(\.proportional),
            .ownMemory: mean(\.own),
        ]
    }

    private func spinning(_ engine: Engine, _ network: BenchNetwork, _ seconds: Int) throws -> [Figure: Double] {
        let lab = try ring(engine, network, [("seqno_unchanged_const", "1000000000")])
        defer { lab.close() }
        usleep(500_000)
        let (tokens, elapsed, processor) = try observe(lab, seconds)
        return [.spinRotation: elapsed / tokens * 1e6, .spinProcessor: processor / tokens * 1e6]
    }

    private func messages(_ engine: Engine, _ network: BenchNetwork, _ seconds: Int) throws -> [Figure: Double] {
        let lab = try ring(engine, network, [])
        defer { lab.close() }
        let tools = try lab.nodes.map { node in
            // Each new value of the configuration version is multicast to all nodes.
            try node.launch([
                "/bin/sh", "-c",
                """
                n=\(node.number)0000000
                while :; do
                    i=0
                    while [ $i -lt 5000 ]; do
                        n=$((n + 1)); i=$((i + 1)); echo "totem.config_version u64 $n"
                    done > /run/lab/changes
                    corosync-cmapctl -p /run/lab/changes || exit 1
                done
                """,
            ])
        }
        usleep(1_000_000)
        let key = "runtime.services.cmap.0.rx"
        func received() throws -> Double { Double(try lab.node(1).map(under: key).number(key) ?? 0) }
        let before = try received()
        let (_, elapsed, processor) = try observe(lab, seconds)
        let count = try received() - before
        withExtendedLifetime(tools) {}
        guard count > 0 else { throw LabError.unreadable("\(engine): no message was delivered\n\(lab.report())") }
        return [.messageRate: count / elapsed, .messageProcessor: processor / count * 1e6]
    }

    private func startUp(_ engine: Engine, _ network: BenchNetwork) throws -> [Figure: Double] {
        let lab = try Laboratory(nodes: 1, links: network.links)
        defer { lab.close() }
        try lab.configure(network.configuration())
        var times: [Double] = []
        for _ in 1...5 {
            let listener = try ReadinessListener(on: lab.node(1))
            let start = ContinuousClock.now
            try lab.node(1).start(engine, environment: [listener.variable])
            try listener.awaitReady(within: .seconds(10))
            times.append((ContinuousClock.now - start).inSeconds * 1000)
            try lab.node(1).stop()
        }
        return [.startUp: times.median ?? 0]
    }

    // MARK: -

    func ring(
        _ engine: Engine, _ network: BenchNetwork, _ totem: [(key: String, value: String)]
    ) throws -> Laboratory {
        let lab = try Laboratory(nodes: 3, links: network.links)
        try lab.configure(network.configuration(totem))
        try lab.start([engine, engine, engine])
        try lab.awaitRing(within: .seconds(30))
        return lab
    }

    /// Lets the ring run: tokens node 1 received, seconds passed, processor seconds of one node on average.
    func observe(_ lab: Laboratory, _ seconds: Int) throws -> (Double, Double, Double) {
        let clock = ContinuousClock()
        let firstTokens = try lab.node(1).statistic("stats.srp.orf_token_rx")
        let start = clock.now
        let firstTimes = try lab.nodes.map { try $0.processorTime() }
        usleep(UInt32(seconds) * 1_000_000)
        let lastTimes = try lab.nodes.map { try $0.processorTime() }
        let elapsed = (clock.now - start).inSeconds
        let lastTokens = try lab.node(1).statistic("stats.srp.orf_token_rx")
        let used = zip(lastTimes, firstTimes).map { Double($0 &- $1) }.reduce(0, +) / 3 / 1e9
        guard lastTokens > firstTokens else {
            throw LabError.unreadable("no token in \(seconds) s\n\(lab.report())")
        }
        return (Double(lastTokens - firstTokens), elapsed, used)
    }
}
