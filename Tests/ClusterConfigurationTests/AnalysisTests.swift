import ClusterConfiguration
import Testing

/// What an administrator is told about the consequences of timings.
@Suite struct AnalysisTests {
    private func report(_ nodes: UInt32, _ given: [String: UInt32] = [:], transport: Transport = .knet) -> TimingReport
    {
        var inputs = TimingInputs(nodeCount: nodes, transport: transport)
        for (name, value) in given { inputs.set("totem.\(name)", .u32(value), source: .override) }
        return TimingReport(inputs)
    }

    @Test("The idle beat is hold plus a rotation, as measured on real rings")
    func beat() {
        let three = report(3).heartbeat
        #expect(three.period == Microseconds(685_300))
        #expect(three.beatsPerTokenTimeout == 5)
        #expect(report(2, ["token": 1000]).heartbeat.period.millisecondsText == "180.2 ms")
    }

    @Test func aDeadNodeIsExcludedAfterTokenAndConsensus() throws {
        let failure = try #require(report(3).failure(.nodeDies))
        #expect(failure.steps.map(\.kind) == [.silence, .gather, .consensus, .agreement, .commit, .recovery])
        // 3650 + 4380 + one join of 50, and the rotations of two nodes.
        #expect(failure.longest >= .milliseconds(8080))
        #expect(failure.longest < .milliseconds(8090))
        // The last beat can be one hold time old.
        #expect(failure.shortest >= .milliseconds(8030 - 686))
        #expect(failure.shortest < .milliseconds(8030 - 680))
    }

    @Test func leavingInOrderWaitsForNobody() throws {
        let failure = try #require(report(3).failure(.nodeLeaves))
        #expect(failure.longest < .milliseconds(100))
        #expect(failure.shortest < .milliseconds(10))
    }

    @Test func thirtyNodesTakeAlmostFiftySeconds() throws {
        let rows = report(3).scaling.rows
        #expect(rows.map(\.nodes) == [2, 3, 5, 8, 16, 30])
        let thirty = try #require(rows.last)
        #expect(thirty.token == 21200)
        #expect(thirty.consensus == 25440)
        #expect(thirty.failure > .milliseconds(46_000) && thirty.failure < .milliseconds(50_000))
    }

    @Test func aSingleNodeHasNobodyToLose() {
        #expect(report(1).failures.isEmpty)
    }

    @Test func theHeartbeatShortensTheSilenceButNotForALoneRepresentative() throws {
        let given: [String: UInt32] = ["heartbeat_failures_allowed": 2]
        let three = report(3, given)
        #expect(try #require(three.failure(.representativeDies)).timeout == .milliseconds(2 * 869 + 50))
        let two = report(2, given)
        #expect(try #require(two.failure(.nodeDies)).timeout == .milliseconds(3000))
        #expect(try #require(two.failure(.representativeDies)).timeout == .milliseconds(2 * 714 + 50))
    }

    @Test func defaultsNeedNoAdvice() {
        for nodes: UInt32 in [1, 2, 3, 5, 16] { #expect(report(nodes).advice.isEmpty, "\(nodes) nodes") }
        #expect(report(2, ["token": 1000]).advice.isEmpty)
    }

    @Test func consensusBelowTheTokenIsAWarningFromThreeNodes() throws {
        let given: [String: UInt32] = [
            "token": 5000, "token_coefficient": 650, "token_retransmits_before_loss_const": 28, "consensus": 6000,
        ]
        let advice = try #require(report(11, given).advice.first)
        #expect(advice.weight == .warning)
        #expect(advice.key == "totem.consensus")
        #expect(advice.text.contains("consensus 6000 ms is smaller than the token timeout 10850 ms"))
        #expect(advice.remedy.contains("13020"))
        #expect(report(2, ["consensus": 2000]).advice.map(\.weight) == [.note])
        #expect(report(3, ["consensus": 4000]).advice.map(\.weight) == [.note])
    }

    @Test(
        "Warns of risky values",
        arguments: [
            (["token": 200], "totem.token"), (["token_retransmit": 3000], "totem.token_retransmit"),
            (["token_retransmit": 2000], "totem.token_retransmit"), (["hold": 800], "totem.hold"),
            (["hold": 4000], "totem.hold"), (["heartbeat_failures_allowed": 9], "totem.heartbeat_failures_allowed"),
            (
                ["heartbeat_failures_allowed": 1, "token_retransmit": 400, "hold": 500],
                "totem.heartbeat_failures_allowed"
            ),
            (["join": 2000], "totem.join"), (["send_join": 100], "totem.send_join"),
            (["window_size": 100_000], "totem.window_size"), (["fail_recv_const": 5], "totem.fail_recv_const"),
        ] as [([String: UInt32], String)])
    func warns(given: [String: UInt32], key: String) {
        let advice = report(2, given).advice
        #expect(advice.contains { $0.weight == .warning && $0.key == key && !$0.remedy.isEmpty })
    }

    @Test(
        "Notes what is unusual",
        arguments: [
            (["token_retransmits_before_loss_const": 50], "totem.token_retransmit"), (["token": 130], "totem.hold"),
            (["token": 20000], "totem.token"), (["merge": 5000], "totem.merge"),
            (["window_size": 300], "totem.window_size"), (["max_messages": 60], "totem.max_messages"),
            (["seqno_unchanged_const": 1_000_000], "totem.seqno_unchanged_const"),
        ] as [([String: UInt32], String)])
    func notes(given: [String: UInt32], key: String) {
        #expect(report(2, given).advice.contains { $0.key == key })
    }

    @Test func slowNetworksAreTakenIntoAccount() {
        var inputs = TimingInputs(nodeCount: 5)
        inputs.set("totem.token", .u32(1000), source: .override)
        #expect(TimingReport(inputs).advice.isEmpty)
        let slow = TimingReport(inputs, hop: .milliseconds(100))
        #expect(slow.advice.contains { $0.weight == .warning && $0.key == "totem.token_retransmit" })
    }

    @Test func knetTimersAreChecked() throws {
        let lines = ["interface {", "knet_ping_interval: 2000", "}"]
        let early = try TimingReport(try document(text(nodes: 3, transport: "knet", totem: lines)))
        #expect(early.advice.first?.key == "totem.interface.0.knet_ping_interval")
        let late = try TimingReport(
            try document(
                text(nodes: 3, transport: "knet", totem: ["interface {", "knet_ping_timeout: 9000", "}"])))
        #expect(late.advice.first?.key == "totem.interface.0.knet_ping_timeout")
        let udpu = try TimingReport(try document(text(nodes: 3, transport: "udpu", totem: lines)))
        #expect(udpu.advice.isEmpty)
    }

    @Test(
        "A link of the defaults is given up in time for the token to be sent again by another one",
        arguments: [2, 3, 8, 32])
    func linkFailure(nodes: UInt32) throws {
        var inputs = TimingInputs(nodeCount: nodes)
        #expect(TimingReport(inputs).links.map(\.takeover) == [nil])
        #expect(TimingReport(inputs).links.map(\.keepsToken) == [nil])
        inputs.links.append(TimingInputs.Link(number: 1))
        let report = TimingReport(inputs)
        #expect(report.links.map(\.link.number) == [0, 1])
        #expect(report.links.map(\.keepsToken) == [true, true])
        #expect(!report.advice.contains { $0.key.contains("interface") })
        guard nodes == 3 else { return }
        let link = try #require(report.links.first)
        // Token 3650: timeout 1825, interval 912, one doubt of 100; libknet looks every 200.
        #expect(link.down == .milliseconds(1825) && link.corosyncDown == .milliseconds(2025))
        #expect(link.takeover == .milliseconds(1012) && link.up == .milliseconds(3 * 912))
        #expect(link.tokenPasses == Microseconds(685_300 + 2_025_000 + 869_000))
    }

    @Test func aTokenThatIsLostBeforeACorosyncChangesLinksIsPointedOut() {
        var inputs = TimingInputs(nodeCount: 2)
        inputs.set("totem.token", .u32(1000), source: .override)
        inputs.links.append(TimingInputs.Link(number: 1))
        let advice = TimingReport(inputs).advice
        #expect(advice.map(\.weight) == [.note, .note])
        #expect(advice.first?.key == "totem.interface.0.knet_ping_timeout")
        #expect(advice.first?.text.contains("gives the link up 700 ms after it died") == true)
        #expect(TimingReport(TimingInputs(nodeCount: 2, transport: .udpu)).links.isEmpty)
    }

    @Test(
        "What is risky in how links are sealed, compressed and doubled is pointed out",
        arguments: [
            ([], "totem.crypto_hash", "neither sealed nor signed"),
            (["crypto_hash: none"], "totem.crypto_hash", "neither sealed nor signed"),
            (["crypto_cipher: aes256", "crypto_hash: md5"], "totem.crypto_hash", "md5 is no longer"),
            (["crypto_hash: sha1"], "totem.crypto_hash", "sha1 is no longer"),
            (["secauth: on", "knet_compression_model: zstd"], "totem.knet_compression_model", "libknet 1.25"),
        ])
    func riskyLinks(totem: [String], key: String, words: String) throws {
        let advice = try TimingReport(try document(text(nodes: 3, transport: "knet", totem: totem))).advice
        #expect(advice.map(\.weight) == [.warning, .note])
        #expect(advice.first?.key == key && advice.first?.text.contains(words) == true, "\(advice)")
        #expect(advice.last?.text.contains("there is one link") == true)
    }

    @Test(arguments: [["crypto_hash: sha256"], ["secauth: on"], ["crypto_cipher: aes128", "crypto_hash: sha512"]])
    func aSealedRingIsNotWarnedOf(totem: [String]) throws {
        let advice = try TimingReport(try document(text(nodes: 3, transport: "knet", totem: totem))).advice
        #expect(advice.map(\.key) == ["nodelist"])
    }

    @Test func misspelledKeysAndAbsurdPacketSizesAreReported() throws {
        let text = text(nodes: 2, totem: ["tokne: 1000", "netmtu: 100"])
        let advice = try TimingReport(try document(text)).advice
        #expect(advice.map(\.key) == ["totem.tokne", "totem.netmtu"])
        #expect(advice.first?.remedy == "write totem.token if that was meant")
        #expect(advice.first?.origin?.line == 5)
    }

    @Test func questionsOverrideTheFile() throws {
        var document = try document(text(nodes: 3, totem: ["token: 5000"]))
        try document.override("totem.token", "1000")
        let report = try TimingReport(document, nodes: 5)
        #expect(report.timings.totem.token == 1000 + 3 * 650)
        #expect(report.timings[.token]?.inputs.first?.source == .override)
        #expect(throws: ConfigurationError.self) { try document.override("totem.token", "long") }
    }

    @Test func violationsAreReportedBesideTheTable() {
        let report = report(2, ["token": 20])
        #expect(report.violation?.exitStatus == 8)
        #expect(report.timings.totem.token == 20)
    }

    @Test func durationsPrintShort() {
        #expect(Microseconds(999).millisecondsText == "1 ms")
        #expect(Microseconds(949).millisecondsText == "0.9 ms")
        #expect(Microseconds(8_079_999).shortText == "8.08 s")
        #expect(Microseconds(1_005_000).shortText == "1.01 s")
        #expect(Microseconds(UInt64.max).shortText.hasSuffix(" h"))
        #expect(Microseconds(UInt64.max) + Microseconds(1) == Microseconds(UInt64.max))
        #expect(Microseconds(1) - Microseconds(2) == .zero)
    }
}
