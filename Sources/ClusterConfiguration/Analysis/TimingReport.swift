/// Everything a configuration's timings mean, gathered for printing.
public struct TimingReport: Sendable {
    public var transport: Transport
    public var nodeCount: UInt32
    public var nodeCountSource: ValueSource
    /// All nodes of the node list, on whichever link.
    public var ringSize: UInt32
    /// How long the token is taken to need from one node to the next.
    public var hop: Microseconds
    public var timings: DerivedTimings
    public var heartbeat: IdleHeartbeat
    /// One for each scenario; empty for a single node.
    public var failures: [FailureTimeline]
    /// One for each link of a knet ring.
    public var links: [LinkFailure]
    public var scaling: Scaling
    public private(set) var advice: [Advice] = []
    /// Watchdogs that people have, beside these timings.
    public var watchdogs: [WatchdogCheck]
    /// Why a ring would refuse these timings; nil when it would not.
    public var violation: ConfigurationError?
    /// Why no node could start with the file, be it for its timings or for something else; nil when one could.
    public var refusal: ConfigurationError?

    /// Whether that is for something this machine lacks.
    public var isRefusedHere = false

    /// One hop on a local network, as measured on idle rings of real daemons.
    public static let localHop = Microseconds(100)

    /// - Parameters:
    ///   - nodes: takes the place of the node list's count.
    ///   - sbd: the timeout of sbd's watchdog.
    /// - Throws: what makes the configuration unreadable, but not what keeps nodes from starting: see `refusal`.
    public init(
        _ document: ConfigurationDocument, nodes: UInt32? = nil, hop: Microseconds = localHop,
        sbd: Microseconds = WatchdogCheck.sbdTimeout
    ) throws(ConfigurationError) {
        var inputs = try TimingInputs(document)
        if let nodes {
            inputs.nodeCount = nodes
            inputs.ringSize = nodes
            inputs.nodeCountSource = .override
        }
        let rondo: RondoSettings
        do throws(ConfigurationError) {
            rondo = try RondoSettings.read(document.entries)
        } catch {
            // What is wrong with it is said as of all that keeps a node from starting.
            rondo = RondoSettings(beat: 0)
        }
        self.init(inputs, documentAdvice: document.advice, entries: document.entries, hop: hop, sbd: sbd, rondo: rondo)
    }

    /// The report on a cluster of which nothing but these inputs is known, and what its file says besides.
    public init(
        _ inputs: TimingInputs, documentAdvice: [Advice] = [],
        entries: ConfigurationEntries = ConfigurationEntries(), hop: Microseconds = localHop,
        sbd: Microseconds = WatchdogCheck.sbdTimeout, rondo: RondoSettings = RondoSettings()
    ) {
        let timings = DerivedTimings(inputs)
        self.timings = timings
        self.hop = hop
        transport = inputs.transport
        nodeCount = inputs.nodeCount
        nodeCountSource = inputs.nodeCountSource
        ringSize = inputs.ringSize
        heartbeat = IdleHeartbeat(timings.totem, hop: hop)
        failures = FailureTimeline.Scenario.allCases.compactMap {
            FailureTimeline($0, timings.totem, hop: hop, rondo: rondo)
        }
        links = LinkFailure.all(timings.totem, transport: inputs.transport, heartbeat)
        scaling = Scaling(inputs, hop: hop)
        watchdogs = WatchdogCheck.all(timings.totem, sbd: sbd, entries)
        do {
            try timings.validate()
        } catch {
            violation = error
            refusal = error
        }
        // Timings that no ring would accept have no consequences worth telling.
        add((violation == nil ? timings.advice(hop: hop) : []) + documentAdvice)
    }

    /// Takes up more advice; warnings stay first.
    public mutating func add(_ more: [Advice]) {
        let all = advice + more
        advice = all.filter { $0.weight == .warning } + all.filter { $0.weight == .note }
    }

    public func failure(_ scenario: FailureTimeline.Scenario) -> FailureTimeline? {
        failures.first { $0.scenario == scenario }
    }
}
