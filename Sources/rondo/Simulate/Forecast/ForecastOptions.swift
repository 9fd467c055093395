import ArgumentParser
import Simulator

/// What a forecast is asked about; any of these options asks for one.
struct ForecastOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(
        help: ArgumentHelp(
            "Forecast how the ring of this corosync.conf behaves: failover time, false failures, throughput.",
            valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("Delay of a datagram: 2ms, 2ms±1ms, 2ms..5ms, 'exp 2ms', 'p99 20ms'.", valueName: "time"))
    var delay: String?

    @Option(
        help: ArgumentHelp(
            "What a node needs for its turn, from the token's arrival until it passes it on (default: none).",
            valueName: "time"))
    var turn: String?

    @Option(help: ArgumentHelp("Share of datagrams that are lost, such as 0.5%.", valueName: "percent"))
    var loss: String?

    @Option(help: ArgumentHelp("Share of datagrams that arrive twice.", valueName: "percent"))
    var duplicate: String?

    @Option(
        name: .customLong("link-loss"),
        help: ArgumentHelp(
            "Share of datagrams lost on one link of knet, such as 1=5%, in place of --loss. Repeatable.",
            valueName: "link=percent"))
    var linkLosses: [String] = []

    @Option(
        help: ArgumentHelp(
            "Cuts of each link of knet, and of all links of a node, to simulate (default: 20).", valueName: "n"))
    var linkCuts: Int?

    @Flag(help: "Datagrams do not overtake each other, however their delays differ.")
    var inOrder = false

    @Option(
        help: ArgumentHelp(
            "How long nodes stand still, and how often: 'p99 400ms every 10s'.", valueName: "time"))
    var pause: String?

    @Option(
        help: ArgumentHelp(
            "The same of whole machines, as virtual ones that are saved or moved: '3s every 1d'.", valueName: "time"))
    var freeze: String?

    @Option(help: ArgumentHelp("Hours of an idle ring to simulate (default: 24).", valueName: "h"))
    var hours: Double?

    @Option(help: ArgumentHelp("Deaths of nodes to simulate (default: 500, fewer in large rings).", valueName: "n"))
    var deaths: Int?

    @Option(help: ArgumentHelp("Size of each message at full load (default: 1KB).", valueName: "size"))
    var messageSize: String?

    @Option(
        help: ArgumentHelp("False failures a year that are acceptable (default: 1), for the advice.", valueName: "rate")
    )
    var wanted: Double?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Ask 'what if': a key such as totem.token, or token for short, with another value. Repeatable.",
            valueName: "key=value"))
    var settings: [String] = []

    @Option(help: "text or json.")
    var format: Format?

    /// Whether a forecast is wanted and not a hunt for faults.
    var isGiven: Bool {
        inOrder || hours != nil || deaths != nil || linkCuts != nil || wanted != nil || format != nil
            || !settings.isEmpty || !linkLosses.isEmpty
            || [config, delay, turn, loss, duplicate, pause, freeze, messageSize].contains { $0 != nil }
    }

    func validate() throws {
        guard isGiven else { return }
        _ = try network()
        _ = try pauses()
        _ = try freezes()
        _ = try size()
        _ = try lossesByLink()
        for setting in settings { _ = try Setting(setting) }
        guard (0.01...100_000).contains(hours ?? 24) else {
            throw ValidationError("--hours \(hours ?? 0): a number of hours from 0.01 to 100000 is expected.")
        }
        guard (0...100_000).contains(deaths ?? 0) else {
            throw ValidationError("--deaths \(deaths ?? 0): a number from 0 to 100000 is expected.")
        }
        guard (0...10_000).contains(linkCuts ?? 0) else {
            throw ValidationError("--link-cuts \(linkCuts ?? 0): a number from 0 to 10000 is expected.")
        }
        guard (0.000_001...1_000_000).contains(wanted ?? 1) else {
            throw ValidationError("--wanted \(wanted ?? 0): false failures a year are expected, such as 0.1.")
        }
    }

    /// Reads a value, or says what is wrong with it and what it should look like.
    private func read<Value>(
        _ option: String, _ text: String, _ forms: String, _ parse: (String) throws(QuantityError) -> Value
    ) throws -> Value {
        do {
            return try parse(text)
        } catch {
            throw ValidationError("--\(option) '\(text)': \(error). Expected: \(forms).")
        }
    }

    func network() throws -> NetworkConditions {
        var conditions = NetworkConditions()
        conditions.spread = .constant(100_000)
        conditions.keepsOrder = inOrder
        if let delay {
            let spread = try read("delay", delay, DistributionText.forms, DistributionText.distribution)
            guard spread.p99 <= 60_000_000_000 else {
                throw ValidationError("--delay '\(delay)': no network takes longer than a minute.")
            }
            conditions.spread = spread
        }
        if let turn {
            conditions.turn = try read("turn", turn, "100us, 2ms") { text throws(QuantityError) in
                try QuantityText.duration(text)
            }
            guard conditions.turn <= 1_000_000_000 else {
                throw ValidationError("--turn '\(turn)': a second at most; longer ones are pauses (--pause).")
            }
        }
        if let loss { conditions.lossPerMillion = try share(ofLost: loss, "loss") }
        if let duplicate {
            conditions.duplicatePerMillion = try read("duplicate", duplicate, "0% to 100%", QuantityText.share)
        }
        return conditions
    }

    private func share(ofLost text: String, _ option: String) throws -> UInt32 {
        let share = try read(option, text, "0% to 99%", QuantityText.share)
        guard share <= 990_000 else {
            throw ValidationError("--\(option) '\(text)': no ring forms where nothing arrives. Expected: 0% to 99%.")
        }
        return share
    }

    /// Millionths by the number of the link.
    func lossesByLink() throws -> [Int: UInt32] {
        var losses: [Int: UInt32] = [:]
        for text in linkLosses {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let link = Int(parts[0]), (0..<8).contains(link) else {
                throw ValidationError("--link-loss '\(text)': a link and its loss are expected, such as 1=5%.")
            }
            losses[link] = try share(ofLost: String(parts[1]), "link-loss")
        }
        return losses
    }

    func pauses() throws -> ForecastPlan.Pauses? {
        try pause.map { try read("pause", $0, PauseText.forms, PauseText.pauses) }
    }

    func freezes() throws -> ForecastPlan.Pauses? {
        try freeze.map { try read("freeze", $0, PauseText.forms, PauseText.pauses) }
    }

    func size() throws -> Int {
        guard let messageSize else { return 1024 }
        let bytes = try read("message-size", messageSize, "64, 1KB, 1MB", QuantityText.size)
        guard bytes >= 32 else { throw ValidationError("--message-size '\(messageSize)': at least 32 bytes.") }
        return bytes
    }
}
