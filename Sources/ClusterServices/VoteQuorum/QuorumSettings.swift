import Basics
import TotemWire

/// The quorum configuration after all its rules were applied (spec: services.md 6.3).
struct QuorumSettings: Sendable, Equatable {
    private let nodeID: NodeID

    // Fixed when the daemon starts.
    private(set) var waitForAllFollowsTwoNode = false
    /// What auto_tie_breaker and auto_tie_breaker_node say, whether or not the number of votes permits it.
    private(set) var wantedTieBreaker = TieBreaker.none
    /// `quorum.auto_tie_breaker` is 1, even if nothing came of it.
    private(set) var tieBreakerRequested = false
    private(set) var lastManStanding = false
    private(set) var lastManStandingWindow = QuorumOption.Default.lastManStandingWindow
    private(set) var expectedVotesTracking = false
    private(set) var allowDownscale = false

    // Read again whenever the configuration changes.
    private(set) var twoNode = false
    private(set) var waitForAll = false
    private(set) var tieBreaker = TieBreaker.none
    private(set) var ownVotes = QuorumOption.Default.votes
    /// What the configuration expects in all.
    private(set) var expectedVotes: UInt32 = 0
    private(set) var device: QuorumConfiguration.Device?
    /// Votes of the device, given or computed; 0 without a device.
    private(set) var deviceVotes: UInt32 = 0
    /// Whether a device may register; `nil` when none was ever configured or refused.
    private(set) var deviceCanOperate: Bool?

    /// Things worth telling the administrator about this reading.
    private(set) var remarks: [LogLine] = []

    /// A configuration that cannot be started with, or that changes nothing at run time.
    struct Failure: Error, Equatable {
        var reason: String
        /// The keys that are missing or contradict each other.
        var keys: [String]
        var remedy: String
    }

    /// Reads the configuration when the daemon starts.
    init(startingWith configuration: QuorumConfiguration, nodeID: NodeID) throws(Failure) {
        self.nodeID = nodeID
        try requireNodes(configuration)
        if configuration.twoNode, configuration.device != nil {
            throw Failure(
                reason: Self.twoNodeAndDevice, keys: ["quorum.two_node", "quorum.device.model"],
                remedy: "remove two_node: the device decides a tie, or remove section device")
        }
        allowDownscale = configuration.allowDownscale
        waitForAllFollowsTwoNode = configuration.waitForAll == nil
        waitForAll = configuration.waitForAll ?? false
        lastManStanding = configuration.lastManStanding
        lastManStandingWindow = configuration.lastManStandingWindow
        expectedVotesTracking = configuration.expectedVotesTracking || configuration.allowDownscale
        readTieBreaker(configuration)
        try apply(configuration, atStart: true, deviceRegistered: false, tracked: configuration.storedTrackingBarrier)
    }

    /// The settings after a change at run time. Contradictions disable what they concern.
    /// - Throws: when there are no votes to count at all; nothing changes then.
    func rereading(
        _ configuration: QuorumConfiguration, deviceRegistered: Bool, tracked: UInt32
    ) throws(Failure) -> QuorumSettings {
        var new = self
        new.remarks = []
        try new.requireNodes(configuration)
        try new.apply(configuration, atStart: false, deviceRegistered: deviceRegistered, tracked: tracked)
        return new
    }

    mutating func stopLastManStanding() { lastManStanding = false }

    private static let prefix = "configuration error: "
    private static let twoNodeAndDevice =
        prefix + "two_node and quorum device cannot be configured at the same time!"

    private func requireNodes(_ configuration: QuorumConfiguration) throws(Failure) {
        if configuration.nodes == nil, (configuration.expectedVotes ?? 0) == 0 {
            throw Failure(
                reason: Self.prefix + "nodelist or quorum.expected_votes must be configured!",
                keys: ["quorum.expected_votes"], remedy: "add a nodelist with all nodes")
        }
    }

    private mutating func readTieBreaker(_ configuration: QuorumConfiguration) {
        let text = configuration.autoTieBreakerNode
        tieBreakerRequested = configuration.autoTieBreaker
        guard tieBreakerRequested else {
            if text != nil {
                remark(.warning, "quorum.auto_tie_breaker_node has no effect: set quorum.auto_tie_breaker: 1 to use it")
            }
            return
        }
        if let parsed = TieBreaker.parse(text) {
            wantedTieBreaker = parsed
        } else {
            remark(
                .warning,
                "quorum.auto_tie_breaker_node is '\(printable((text ?? "").utf8))', allowed are lowest, highest or"
                    + " node ids separated by blanks: auto_tie_breaker is off")
        }
    }

    private mutating func apply(
        _ configuration: QuorumConfiguration, atStart: Bool, deviceRegistered: Bool, tracked: UInt32
    ) throws(Failure) {
        device = configuration.device
        if device != nil { deviceCanOperate = true }
        tieBreaker = wantedTieBreaker
        twoNode = configuration.twoNode
        if twoNode, device != nil {
            if deviceRegistered { twoNode = false } else { deviceCanOperate = false }
            remark(.critical, Self.twoNodeAndDevice)
        }
        if waitForAllFollowsTwoNode { waitForAll = twoNode }

        let nodes = configuration.nodes ?? []
        var sum = nodes.reduce(UInt64(0)) { $0 + UInt64($1.votes) }
        if twoNode, tieBreaker != .none {
            remark(.critical, "two_node and auto_tie_breaker are both specified but are not compatible.")
            remark(.critical, "two_node has been disabled, please fix your corosync.conf")
            twoNode = false
        }
        if tieBreaker != .none, !sum.isMultiple(of: 2), !waitForAll {
            if atStart, lastManStanding {
                throw Failure(
                    reason: Self.prefix
                        + "auto_tie_breaker & last_man_standing not available in odd sized cluster",
                    keys: ["quorum.auto_tie_breaker", "quorum.last_man_standing"],
                    remedy: "remove auto_tie_breaker: with an odd number of votes (\(sum)) there is no tie; or add "
                        + "wait_for_all: 1")
            }
            remark(
                .critical,
                "auto_tie_breaker needs wait_for_all: 1 where the number of votes is odd (\(sum)): it is off")
            tieBreaker = .none
        }
        if device != nil { try checkDevice(configuration, votes: sum, atStart: atStart) }
        deviceVotes = 0
        if let device {
            if let given = device.votes {
                deviceVotes = given
            } else if (configuration.expectedVotes ?? 0) == 0, UInt64(nodes.count) == sum, sum > 0 {
                deviceVotes = UInt32(clamping: sum - 1)
                sum += sum - 1
            }
        }

        let expected = expectedVotesTracking ? tracked : configuration.expectedVotes ?? 0
        if configuration.nodes == nil {
            ownVotes = configuration.votes ?? QuorumOption.Default.votes
        } else {
            ownVotes = nodes.first { $0.nodeID == nodeID }?.votes ?? QuorumOption.Default.votes
        }
        expectedVotes = expected != 0 ? expected : UInt32(clamping: sum)
    }

    /// Contradictions between the device and the rest: fatal at start, later they disable the device.
    private mutating func checkDevice(
        _ configuration: QuorumConfiguration, votes sum: UInt64, atStart: Bool
    ) throws(Failure) {
        var conflicts: [Failure] = []
        func conflict(_ reason: String, _ keys: [String], _ remedy: String) {
            conflicts.append(
                Failure(reason: Self.prefix + reason, keys: keys + ["quorum.device.model"], remedy: remedy))
        }
        func incompatible(_ name: String) {
            conflict(
                "quorum.device is not compatible with \(name)", ["quorum.\(name)"],
                "remove \(name), or remove section device")
        }
        if lastManStanding { incompatible("last_man_standing") }
        if tieBreaker != .none { incompatible("auto_tie_breaker") }
        if allowDownscale { incompatible("allow_downscale") }
        let expected = configuration.expectedVotes ?? 0
        if let votes = configuration.device?.votes {
            if votes > 0, expected != 0, Int64(expected) - Int64(votes) < 2 {
                conflict(
                    "quorum.device.votes is too high or expected_votes is too low",
                    ["quorum.device.votes", "quorum.expected_votes"],
                    "remove expected_votes: it is the sum of the nodes' and the device's votes")
            }
        } else if expected != 0 {
            conflict(
                "quorum.device.votes must be specified when quorum.expected_votes is set", ["quorum.expected_votes"],
                "add votes to section device, or remove expected_votes")
        } else if let nodes = configuration.nodes, UInt64(nodes.count) != sum {
            conflict(
                "quorum.device.votes must be specified when not all nodes votes 1", [],
                "add votes to section device")
        }
        guard let first = conflicts.first else { return }
        if atStart { throw first }
        for conflict in conflicts { remark(.critical, conflict.reason) }
        deviceCanOperate = false
    }

    private mutating func remark(_ severity: Severity, _ text: String) {
        remarks.append(LogLine(severity, .voteQuorum, text))
    }
}
