import ArgumentParser
import ClusterLab
import Glibc

/// Measures Rondo and Corosync on the same machine in the same run, in turn.
@main
struct RondoBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rondo-bench",
        abstract: "Rondo beside Corosync: rates, latencies, processor time, memory and start-up of a three-node ring.",
        discussion: """
            Runs rings of three nodes in network namespaces of their own, first with one engine, then with the other, \
            as often as asked, and prints the medians. Needs root and the packages corosync, libcpg-dev, gcc, iproute2 and nftables \
            (make bench installs them).
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @Option(help: "How often each engine has its turn.")
    var rounds = 3

    @Option(help: "How long each figure is measured, in seconds.")
    var seconds = 8

    @Option(help: "text, markdown or json.")
    var format = Format.text

    @Option(help: "Path of rondod; by default the newest build of this checkout.")
    var rondod: String?

    @Option(help: "Measure only this engine: corosync or rondo.")
    var only: String?

    @Option(help: "Measure only this; may be given several times.")
    var scenario: [Scenario] = []

    @Option(help: "How packets travel: udpu or knet.")
    var transport = BenchNetwork.Transport.udpu

    @Option(help: "With knet, how many links each node has: 1 or 2.")
    var links = 1

    @Option(help: "With knet, how packets are sealed: none or aes256-sha256.")
    var crypto = BenchNetwork.Crypto.none

    @Option(help: "Load process groups only with messages of this many bytes; may be given several times.")
    var size: [Int] = []

    @Option(help: "Load process groups only from this many nodes: 1 or 3.")
    var senders: Int?

    func validate() throws {
        guard rounds > 0, seconds > 0 else { throw ValidationError("--rounds and --seconds must be positive") }
        guard (1...2).contains(links) else { throw ValidationError("--links takes 1 or 2") }
        guard transport == .knet || (links == 1 && crypto == .none) else {
            throw ValidationError("--links and --crypto are for --transport knet")
        }
        if let only, Engine(rawValue: only) == nil { throw ValidationError("--only takes corosync or rondo") }
    }

    func run() throws {
        // The daemon starts in its laboratory's folder.
        if let rondod {
            guard let path = realpath(rondod, nil) else {
                throw ValidationError("--rondod \(rondod): \(String(cString: strerror(errno)))")
            }
            setenv("RONDOD", path, 1)
            free(path)
        }
        let chosen = only.flatMap(Engine.init(rawValue:)).map { [$0] } ?? Engine.allCases
        let engines = chosen.filter { engine in
            if !engine.isAvailable { progress("left out: \(engine.absence)") }
            return engine.isAvailable
        }
        guard !engines.isEmpty else { throw ExitCode.failure }
        let loads = Load.all.filter { load in
            (size.isEmpty || size.contains(load.size)) && (senders ?? load.senders) == load.senders
        }
        defer { LoadProgram.removeCompiled() }
        let network = BenchNetwork(transport: transport, links: links, crypto: crypto)
        var results = Results()
        for round in 1...rounds {
            // Whoever goes first finds the machine cooler.
            for engine in round % 2 == 1 ? engines : engines.reversed() {
                progress("round \(round) of \(rounds): \(engine), \(network.title)")
                for scenario in scenario.isEmpty ? Scenario.allCases : scenario {
                    let figures = try scenario.measure(engine, on: network, seconds: seconds, loads: loads)
                    results.add(figures, of: engine)
                }
            }
        }
        print(results.rendered(format, engines: engines), terminator: "")
    }

    private func progress(_ text: String) {
        let line = Array("bench: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
