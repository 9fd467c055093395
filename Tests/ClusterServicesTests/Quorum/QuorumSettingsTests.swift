import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Quorum configuration at start")
struct QuorumSettingsTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var reason: String
        var change: @Sendable (inout QuorumConfiguration) -> Void
        var testDescription: String { reason }
    }

    static let refused = [
        Refused(reason: "nodelist or quorum.expected_votes must be configured!") { $0.nodes = nil },
        Refused(reason: "two_node and quorum device cannot be configured at the same time!") {
            $0.twoNode = true
            $0.device = .init()
        },
        Refused(reason: "auto_tie_breaker & last_man_standing not available in odd sized cluster") {
            $0.autoTieBreaker = true
            $0.lastManStanding = true
        },
        Refused(reason: "quorum.device is not compatible with last_man_standing") {
            $0.lastManStanding = true
            $0.device = .init()
        },
        Refused(reason: "quorum.device is not compatible with auto_tie_breaker") {
            $0.autoTieBreaker = true
            $0.waitForAll = true
            $0.device = .init()
        },
        Refused(reason: "quorum.device is not compatible with allow_downscale") {
            $0.allowDownscale = true
            $0.device = .init()
        },
        Refused(reason: "quorum.device.votes must be specified when quorum.expected_votes is set") {
            $0.expectedVotes = 5
            $0.device = .init()
        },
        Refused(reason: "quorum.device.votes must be specified when not all nodes votes 1") {
            $0.nodes?[0].votes = 2
            $0.device = .init()
        },
        Refused(reason: "quorum.device.votes is too high or expected_votes is too low") {
            $0.expectedVotes = 4
            $0.device = .init(votes: 3)
        },
    ]

    @Test("Contradictions keep the daemon from starting, with Corosync's words", arguments: refused)
    func contradictions(_ refused: Refused) throws {
        var quorum = QuorumConfiguration(provider: "corosync_votequorum")
        quorum.nodes = [1, 2, 3].map { .init(NodeID($0)) }
        refused.change(&quorum)
        var node = Node(ServicesConfiguration(nodeID: NodeID(1), quorum: quorum))
        let reason = "configuration error: " + refused.reason
        let error = #expect(throws: ServiceLoadError.self) { try node.engine.start(node.now) }
        #expect(error?.service == .quorum && error?.reason == reason)
        #expect(error?.keys.allSatisfy { $0.hasPrefix("quorum.") } == true && error?.remedy.isEmpty == false)
        node.collect()
        #expect(node.texts(.quorum).contains("Quorum provider: corosync_votequorum failed to initialize."))
        #expect(
            node.texts(.services).contains("Service engine 'corosync_quorum' failed to load for reason '\(reason)'"))
    }

    @Test("Other providers are refused")
    func otherProvider() {
        var node = Node(
            ServicesConfiguration(nodeID: NodeID(1), quorum: QuorumConfiguration(provider: "corosync_ykd")))
        let error = #expect(throws: ServiceLoadError.self) { try node.engine.start(node.now) }
        #expect(error?.service == .quorum && error?.reason == "Invalid quorum provider")
        #expect(error?.keys == ["quorum.provider"])
    }

    @Test("Expected and device votes follow the rules of the node list")
    func votes() throws {
        func info(_ nodes: [UInt32], _ change: (inout ServicesConfiguration) -> Void) throws -> VoteQuorumInfo {
            try Node(1, of: nodes, change).engine.voteInfo(of: .none)
        }
        let device = try info([1, 2, 3]) { $0.quorum.device = .init() }
        #expect(device.deviceVotes == 2 && device.expectedVotes == 5)
        let explicit = try info([1, 2, 3]) { $0.quorum.device = .init(votes: 1) }
        #expect(explicit.deviceVotes == 1 && explicit.expectedVotes == 3)
        let given = try info([1, 2]) { $0.quorum.expectedVotes = 7 }
        #expect(given.expectedVotes == 7 && given.quorum == 4)
        let uneven = try info([1, 2]) { $0.quorum.nodes?[0].votes = 3 }
        #expect(uneven.votes == 3 && uneven.expectedVotes == 4)
        let listless = try info([]) {
            $0.quorum.nodes = nil
            $0.quorum.expectedVotes = 3
            $0.quorum.votes = 2
        }
        #expect(listless.votes == 2 && listless.expectedVotes == 3)
        let tracked = try info([1, 2]) {
            $0.quorum.expectedVotesTracking = true
            $0.quorum.storedTrackingBarrier = 5
            $0.quorum.expectedVotes = 2
        }
        #expect(tracked.expectedVotes == 5)
    }

    @Test("expected_votes_tracking gives out each new highest number to be stored")
    func tracking() throws {
        let node = try Node(1, of: [1, 2]) { $0.quorum.expectedVotesTracking = true }
        #expect(node.events.contains(.storeTrackingBarrier(2)))
        #expect(node.map["runtime.votequorum.ev_tracking_barrier"] == .u32(2))
    }

    @Test("The configuration is read from the map")
    func map() throws {
        var map = ClusterMap()
        try map.set("quorum.provider", .text("corosync_votequorum"))
        try map.set("quorum.two_node", .u8(1))
        try map.set("quorum.wait_for_all", .u8(0))
        try map.set("quorum.device.model", .text("net"))
        try map.set("quorum.device.votes", .u32(1))
        try map.set("nodelist.local_node_pos", .u32(1))
        try map.set("nodelist.node.10.nodeid", .u32(30))
        try map.set("nodelist.node.2.nodeid", .u32(20))
        try map.set("nodelist.node.2.quorum_votes", .u32(4))
        try map.set("totem.config_version", .u64(9))
        let read = ServicesConfiguration(nodeID: NodeID(20), map: map)
        #expect(read.configVersion == 9)
        #expect(read.quorum.provider == "corosync_votequorum")
        #expect(read.quorum.twoNode && read.quorum.waitForAll == false)
        #expect(read.quorum.device == .init(votes: 1))
        #expect(read.quorum.nodes == [.init(NodeID(20), votes: 4), .init(NodeID(30))])
    }

    @Test("Only an auto_tie_breaker_node that has no effect is remarked upon")
    func tieBreakerRemarks() throws {
        func remarks(_ change: (inout QuorumConfiguration) -> Void) throws -> [String] {
            try Node(1, of: [1, 2]) { change(&$0.quorum) }.texts(.voteQuorum, upTo: .warning)
        }
        #expect(try remarks { _ in }.isEmpty)
        #expect(try remarks { $0.autoTieBreaker = true }.isEmpty)
        let idle = try remarks { $0.autoTieBreakerNode = "highest" }
        #expect(idle.count == 1 && idle[0].contains("auto_tie_breaker_node has no effect"))
        let wrong = try remarks {
            $0.autoTieBreaker = true
            $0.autoTieBreakerNode = "middle"
        }
        #expect(wrong.count == 1 && wrong[0].contains("is 'middle', allowed are lowest, highest or node ids"))
    }
}
