import ClusterConfiguration
import Testing

/// The worked examples of the derivation, and where each value came from.
@Suite struct TimingTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var nodes: UInt32
        var given: [String: UInt32]
        var token: UInt32
        var retransmit: UInt32
        var hold: UInt32
        var consensus: UInt32
        var pingTimeout: UInt32
        var pingInterval: UInt32

        var testDescription: String {
            "\(nodes) nodes " + given.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }

        init(
            _ nodes: UInt32, _ given: [String: UInt32], _ token: UInt32, _ retransmit: UInt32, _ hold: UInt32,
            _ consensus: UInt32, _ pingTimeout: UInt32, _ pingInterval: UInt32
        ) {
            self.nodes = nodes
            self.given = given
            self.token = token
            self.retransmit = retransmit
            self.hold = hold
            self.consensus = consensus
            self.pingTimeout = pingTimeout
            self.pingInterval = pingInterval
        }

        var timings: DerivedTimings {
            var inputs = TimingInputs(nodeCount: nodes)
            for (name, value) in given { inputs.set("totem.\(name)", .u32(value), source: .override) }
            return DerivedTimings(inputs)
        }
    }

    static let retransmits = "token_retransmits_before_loss_const"

    static let examples: [Example] = [
        Example(1, [:], 3000, 714, 561, 3600, 1500, 750),
        Example(2, [:], 3000, 714, 561, 3600, 1500, 750),
        Example(3, [:], 3650, 869, 685, 4380, 1825, 912),
        Example(5, [:], 4950, 1178, 932, 5940, 2475, 1237),
        Example(32, [:], 22500, 5357, 4275, 27000, 11250, 5625),
        Example(2, ["token": 1000], 1000, 238, 180, 1200, 500, 250),
        Example(2, ["token": 5000, retransmits: 10], 5000, 490, 382, 6000, 2500, 1250),
        Example(
            11, ["token": 5000, "token_coefficient": 650, retransmits: 28, "consensus": 6000], 10850, 384, 297, 6000,
            5425, 2712),
        Example(
            11, ["token": 5000, "token_coefficient": 650, retransmits: 28], 10850, 384, 297, 13020, 5425, 2712),
        Example(11, ["token": 5000, "token_coefficient": 0, retransmits: 28], 5000, 177, 131, 6000, 2500, 1250),
        Example(16, ["token": 10000], 19100, 4547, 3627, 22920, 9550, 4775),
        Example(9, ["token": 3000], 7550, 1797, 1427, 9060, 3775, 1887),
        Example(4, ["token": 1000, "token_coefficient": 0], 1000, 238, 180, 1200, 500, 250),
        Example(3, ["token": 1000, "token_coefficient": 1], 1001, 238, 180, 1201, 500, 250),
        Example(
            3, ["token": 3000, "token_retransmit": 500, "hold": 200, "consensus": 9000], 3650, 500, 200, 9000, 1825,
            912),
        Example(2, ["token_retransmit": 100], 3000, 100, 70, 3600, 1500, 750),
        Example(2, ["token_retransmit": 30], 3000, 30, 14, 3600, 1500, 750),
        Example(2, ["token": 126], 126, 30, 14, 151, 63, 31),
        Example(2, ["token": 110, retransmits: 2], 110, 49, 29, 132, 55, 27),
        Example(2, ["token": 0], 3000, 714, 561, 3600, 1500, 750),
        Example(2, ["token": 20_000_005], 20_000_005, 4_761_905, 3_809_514, 24_000_006, 10_000_002, 5_000_001),
        Example(2, ["token": 16_777_217], 16_777_217, 3_994_575, 3_195_650, 20_132_660, 8_388_608, 4_194_304),
        // Nodes with an address on another link only do not count.
        Example(0, [:], 3000, 714, 561, 3600, 1500, 750),
    ]

    @Test("Worked example", arguments: examples)
    func workedExample(example: Example) throws {
        let derived = example.timings
        #expect(derived.totem.token == example.token)
        #expect(derived.totem.tokenRetransmit == example.retransmit)
        #expect(derived.totem.hold == example.hold)
        #expect(derived.totem.consensus == example.consensus)
        #expect(derived.totem.links.first?.pingTimeout == example.pingTimeout)
        #expect(derived.totem.links.first?.pingInterval == example.pingInterval)
        try derived.validate()
    }

    @Test func consensusIsRoundedToSinglePrecision() {
        #expect(Example(2, ["token": 3_495_253], 0, 0, 0, 0, 0, 0).timings.totem.consensus == 12 * 3_495_253 / 10)
        #expect(Example(2, ["token": 3_495_254], 0, 0, 0, 0, 0, 0).timings.totem.consensus == 4_194_305)
        #expect(Example(2, ["token": .max], 0, 0, 0, 0, 0, 0).timings.totem.consensus == 2_147_483_648)
    }

    @Test func theScaledTokenWraps() {
        let timings = Example(4, ["token": .max, "token_coefficient": 1], 0, 0, 0, 0, 0, 0).timings
        #expect(timings.totem.token == 1)
        #expect(timings.advice(hop: .zero).contains { $0.weight == .warning && $0.key == "totem.token" })
    }

    @Test func pingTimersAreDerivedIndependently() throws {
        func pings(_ lines: String, token: Int = 3000) throws -> [UInt32] {
            let text = text(
                nodes: 3, transport: "knet", totem: ["token: \(token)", "interface {", lines, "}"])
            let link = try #require(try configuration(text).timings.links.first)
            return [link.pingTimeout, link.pingInterval]
        }
        #expect(try pings("knet_pong_count: 3") == [1216, 608])
        #expect(try pings("knet_ping_interval: 300") == [1825, 300])
        #expect(try pings("knet_ping_timeout: 4000") == [4000, 912])
        #expect(try pings("knet_pong_count: 5", token: 1383) == [406, 203])
        #expect(try pings("knet_pong_count: 0") == [1825, 912])
    }

    @Test func tellsWhereEachValueCameFrom() throws {
        let text = text(
            nodes: 11, totem: ["token: 5000", "token_retransmits_before_loss_const: 28", "consensus: 6000"])
        let derived = try configuration(text).derivedTimings
        let token = try #require(derived[.token])
        #expect(token.formula == "5000 + (11 - 2) * 650")
        #expect(
            token.inputs == [
                Timing.Input("totem.token", 5000, .file(Origin(file: "corosync.conf", line: 5))),
                Timing.Input("nodes", 11, .nodeList), Timing.Input("totem.token_coefficient", 650, .builtIn),
            ])
        #expect(derived[.tokenRetransmit]?.formula == "10850 / (28 + 0.2)")
        #expect(derived[.hold]?.formula == "384 * 0.8 - 10")
        #expect(derived[.consensus]?.source == .file(Origin(file: "corosync.conf", line: 7)))
        #expect(derived[.join]?.source == .builtIn)
    }

    @Test func aValueOfTheWrongTypeCountsAsAbsent() {
        var inputs = TimingInputs(nodeCount: 2)
        let known1 = inputs.set("totem.token", .u64(1000), source: .map)
        #expect(known1)
        #expect(DerivedTimings(inputs).totem.token == 3000)
        let known2 = inputs.set("totem.token", .u32(1000), source: .map)
        #expect(known2)
        #expect(DerivedTimings(inputs).totem.token == 1000)
        #expect(DerivedTimings(inputs)[.token]?.source == .map)
        let known3 = inputs.set("totem.token", nil, source: .map)
        #expect(known3)
        #expect(DerivedTimings(inputs).totem.token == 3000)
        let known4 = inputs.set("totem.cluster_name", .text("x"), source: .map)
        #expect(!known4)
    }

    @Test func heartbeatNeedsToBeShorterThanTheToken() {
        func timeout(_ failures: UInt32) -> UInt32? {
            Example(2, ["heartbeat_failures_allowed": failures], 0, 0, 0, 0, 0, 0).timings.totem.heartbeatTimeout
        }
        #expect(timeout(0) == nil)
        #expect(timeout(2) == UInt32(1478))
        #expect(timeout(5) == nil)
        #expect(timeout(.max) == nil)
    }

    struct Bound: Sendable {
        var given: [String: UInt32]
        var message: String
    }

    static let bounds: [Bound] = [
        Bound(
            given: ["max_network_delay": 29, "token": 10],
            message: "The max_network_delay parameter (29 ms) may not be less than (30 ms)."),
        Bound(given: ["token": 29], message: "The token timeout parameter (29 ms) may not be less than (30 ms)."),
        Bound(
            given: ["token_warning": 101],
            message: "The token warning parameter (101%) must be between 0 (disabled) and 100."),
        Bound(
            given: ["token_retransmit": 29],
            message: "The token retransmit timeout parameter (29 ms) may not be less than (30 ms)."),
        Bound(
            given: ["token": 125], message: "Not appropriate token or token_retransmits_before_loss_const value set"),
        Bound(given: ["hold": 13], message: "The token hold timeout parameter (13 ms) may not be less than (14 ms)."),
        Bound(given: ["join": 29], message: "The join timeout parameter (29 ms) may not be less than (30 ms)."),
        Bound(
            given: ["consensus": 29], message: "The consensus timeout parameter (29 ms) may not be less than (30 ms)."),
        Bound(
            given: ["consensus": 40],
            message: "The consensus timeout parameter (40 ms) may not be less than join timeout (50 ms)."),
        Bound(given: ["merge": 29], message: "The merge timeout parameter (29 ms) may not be less than (30 ms)."),
        Bound(
            given: ["downcheck": 29], message: "The downcheck timeout parameter (29 ms) may not be less than (30 ms)."),
    ]

    @Test("Refuses what no ring could work with", arguments: bounds)
    func refuses(bound: Bound) throws {
        let timings = Example(2, bound.given, 0, 0, 0, 0, 0, 0).timings
        let error = try #require(configurationError { try timings.validate() })
        #expect(error.message == "parse error in config: \(bound.message)")
        #expect(error.permitted != nil)
        #expect(error.remedy != nil)
    }

    @Test func aViolationNamesTheLine() throws {
        let error = try #require(configurationError { _ = try configuration(text(nodes: 2, totem: ["join: 5"])) })
        #expect(error.origin == Origin(file: "corosync.conf", line: 5))
        #expect(error.key == "totem.join")
    }
}
