import ClusterConfiguration
import Glibc
import Sealing

/// A live ring of several nodes on this machine, over real UDP and without any right: it forms, rests, carries
/// messages, loses a node, forms again, takes the node back; what is measured is shown beside what was computed.
public struct Demonstration {
    /// How it is shown.
    public struct Display: Sendable {
        /// A picture that is drawn again and again; only for terminals.
        public var isLive: Bool
        public var isColored: Bool
        /// ASCII characters only.
        public var isPlainText: Bool
        /// Nothing at all is printed.
        public var isSilent: Bool

        public init(isLive: Bool, isColored: Bool, isPlainText: Bool = false, isSilent: Bool = false) {
            self.isLive = isLive
            self.isColored = isColored
            self.isPlainText = isPlainText
            self.isSilent = isSilent
        }
    }

    public enum Ending: Sendable {
        case finished(DemonstrationSummary)
        /// By a signal, such as that of Ctrl-C.
        case interrupted(signal: Int32)
    }

    private let stage: Stage
    private let terminal: Terminal
    private let display: Display

    /// Opens the sockets and starts the nodes.
    ///
    /// - Throws: `DemonstrationError`, or `ConfigurationError` for timings that no ring would accept.
    public init(_ options: DemonstrationOptions, display: Display) throws {
        self.display = display
        let (key, reason) = try Self.key(options)
        let sealing = RingPlan.Sealing(suite: key == nil ? nil : RingKey.suite, reason: reason)
        let plan = try RingPlan(options, sealing: sealing)
        try LossLimit.check(options.loss, plan.timings)
        let schedule = try Schedule(plan, seconds: options.seconds)
        terminal = Terminal(
            descriptor: STDOUT_FILENO, isLive: display.isLive && !display.isSilent, isColored: display.isColored)
        terminal.measure()
        stage = try Stage(
            plan: plan, key: key, schedule: schedule, options: options, terminal: terminal,
            glyphs: display.isPlainText ? .ascii : .unicode, isSilent: display.isSilent)
    }

    /// The key of a ring that is to be sealed, or why there is none.
    private static func key(_ options: DemonstrationOptions) throws -> (RingKey?, String?) {
        guard options.network == .knet(isSealed: true) else { return (nil, nil) }
        do {
            return (try RingKey(), nil)
        } catch let error as SealingError {
            return (nil, error.description)
        }
    }

    /// Shows everything, and the summary at the end.
    public func run() throws -> Ending {
        if let signal = try stage.run() { return .interrupted(signal: signal) }
        let summary = stage.director.summary
        if !display.isSilent { terminal.show(SummaryText.lines(summary), picture: []) }
        terminal.close()
        return .finished(summary)
    }
}
