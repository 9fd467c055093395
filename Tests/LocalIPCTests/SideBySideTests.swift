import ClusterLab
import Testing

/// The same requests to a real Corosync and to Rondo, compared answer by answer (spec: ipc.md 8, configuration.md 7).
@Suite(.enabled(if: Requirements.testsRun, Comment(rawValue: Requirements.explanation)), .serialized)
struct SideBySideTests {
    @Test func everyAnswerIsTheSame() throws {
        let pair = try DaemonPair()
        for group in Self.groups {
            let corosync = try pair.answers(group.requests, node: 1)
            let rondo = try pair.answers(group.requests, node: 2)
            #expect(!corosync.isEmpty, Comment(rawValue: group.name))
            for (mine, theirs) in zip(rondo, corosync) where mine != theirs {
                Issue.record("\(group.name): Rondo answers \(mine), Corosync \(theirs)")
            }
            #expect(rondo.count == corosync.count, Comment(rawValue: group.name))
        }
        #expect(try pair.statisticNames(node: 2) == pair.statisticNames(node: 1))
    }

    private static let full = String(repeating: "61", count: 16384)
    private static let longest = String(repeating: "a", count: 255)

    private static let groups: [(name: String, requests: [String])] = [
        (
            "values of every type and length",
            [
                "set:t.k1:1:01", "set:t.k2:2:01", "set:t.k3:3:0102", "set:t.k4:4:0102", "set:t.k5:5:01020304",
                "set:t.k6:6:01020304", "set:t.k7:7:0102030405060708", "set:t.k8:8:0102030405060708",
                "set:t.k9:9:01020304", "set:t.k10:10:0102030405060708", "set:t.k11:11:616263", "set:t.k12:12:00ff00",
                "set:t.bad:1:0102", "set:t.bad:5:010203", "set:t.bad:8:01020304", "set:t.bad:9:0102030405060708",
                "set:t.bad:0:01", "set:t.bad:13:01", "set:t.bad:255:01",
                "set:t.s:11:", "get:t.s:0", "get:t.s:1", "set:t.s:11:61626300", "get:t.s:4", "get:t.s:3",
                "set:t.s:11:61006263", "set:t.s:11:6162630000", "get:t.s:16", "set:t.b:12:", "get:t.b:0", "get:t.b:5",
                "get:t.k6:4", "get:t.k6:3", "get:t.k6:16", "get:t.k8:0", "set:t.k6:11:6162", "get:t.k6:3",
            ]
        ),
        (
            "the largest values",
            [
                "set:t.big:12:" + full, "set:t.big:12:" + full + "61", "set:t.text:11:" + full, "get:t.text:0",
                "set:t.text2:11:" + full.dropLast(2) + "00", "get:t.text2:0", "set:t.text3:11:" + full + "00",
                "get:t.text3:0", "get:t.big:16384",
            ]
        ),
        (
            "names of every kind",
            [
                "set:ab:2:01", "set:abc:2:01", "set:\(longest):2:01", "set:with space:2:01", "set:o/k-_.9:2:01",
                "set:é.x:2:01", "set::2:01", "delete:ab", "delete:abc", "delete:abc", "get::4", "get:ab:1",
                "adjust:ab:1",
                "delete:\(longest)",
            ]
        ),
        (
            "read only keys",
            [
                "set:totem.version:2:01", "set:totem.version:6:01", "set:totem.version:13:", "delete:totem.version",
                "adjust:totem.version:1", "set:nodelist.x y:2:01", "set:uidgid.config.x:2:01", "set:system.x:2:01",
                "set:runtime.config.x:2:01", "set:runtime.services.x:2:01", "set:internal_configuration.x:2:01",
                "set:runtime.totem.x:2:01", "set:config.reload_in_progress:2:01", "set:totem.key:2:01",
                "set:quorum.wait_for_all:2:01", "set:runtime.members.9.status:2:01", "set:totem.link_mode:2:01",
                "set:config.reload_status:2:01", "set:totem.keyfile2:2:01", "set:uidgid.gid.5:2:01",
            ]
        ),
        (
            "adjusting",
            [
                "set:a.u8:2:ff", "adjust:a.u8:2", "get:a.u8:1", "adjust:a.no:1", "set:a.f:9:00000000", "adjust:a.f:1",
                "set:a.i64:7:0000000000000000", "adjust:a.i64:-5", "get:a.i64:8", "set:a.u64:8:0000000000000000",
                "adjust:a.u64:-5", "get:a.u64:8", "set:a.u16:4:0000", "adjust:a.u16:-5", "get:a.u16:2",
                "set:a.u32:6:00000000", "adjust:a.u32:0", "adjust:a.u32:70000", "get:a.u32:4", "set:a.s:11:78",
                "adjust:a.s:1", "set:a.b:12:78", "adjust:a.b:1",
            ]
        ),
        (
            "walking",
            [
                "next", "end", "set:w.b:2:01", "set:w.a:11:6162", "set:w.a.c:6:01000000", "set:w.a-c:6:01000000",
                "set:w.a_c:6:01000000", "set:w.A:6:01000000", "iterate:w.", "next", "next", "delete:w.a", "next",
                "next",
                "next", "next", "next", "end", "end", "next", "iterate:zzz.", "next", "end", "iterate:w.b", "next",
                "next",
            ]
        ),
        (
            "tracking",
            [
                "track:tr.k:16:1", "track:tr.k:-1:1", "track:tr.k:0:1", "track:tr.:15:1", "track:tr.:15:2",
                "track::15:4", "track::15:5", "track::7:6", "track:tr.k:15:6", "track:tr.k:15:7", "track:tr.k:7:8",
                "track:tr.k:7:9", "track:tr:15:10", "set:tr.k:6:01000000", "map-events", "set:tr.k:6:01000000",
                "map-events", "adjust:tr.k:1", "map-events", "set:tr.k:11:686579", "map-events", "set:tr.k2:2:01",
                "map-events", "delete:tr.k", "map-events", "delete:tr.k", "map-events", "untrack", "untrack",
                "set:totem.version:2:01", "map-events",
            ]
        ),
        (
            "switching maps",
            ["map:2", "map:-1", "map:0", "iterate:a", "map:1", "map:2", "map:0", "end", "map:1"]
        ),
        (
            "switching maps",
            ["track:abc:7:1", "map:1", "map:5", "untrack", "map:5"]
        ),
        (
            "the statistics map",
            [
                "map:1", "get:stats.ipcs.global.active:0", "get:totem.version:4",
                "get:stats.srp.mtt_rx_token:0", "get:stats.pg.msg_reserved:0",
                "get:stats.srp.firewall_enabled_or_nic_failure:0", "set:stats.srp.mcast_tx:8:0000000000000000",
                "set:foo.bar:2:01", "set:stats.clear.foo:2:01", "set:stats.clear.totemx:2:01", "set:stats.clear.:2:01",
                "set:stats.clear.knet:0:", "delete:stats.x", "delete:stats.clear.all", "adjust:stats.x:1",
                "adjust:stats.clear.all:1", "track:stats.:8:1", "track:stats.:9:1", "track:stats.:15:1",
                "track:stats.:13:1", "untrack", "track:stats.foo:7:1", "iterate:stats.pg", "next", "next", "next",
            ]
        ),
    ]
}

/// Two machines: one with a real Corosync, alone in its ring, one with the probe.
private final class DaemonPair {
    private let laboratory: Laboratory
    private let probe: RunningTool

    init() throws {
        laboratory = try Laboratory(nodes: 2)
        try laboratory.configure(RingConfiguration(), listed: 1)
        try laboratory.node(1).start(.corosync)
        probe = try laboratory.node(2).launch([ProbedMachine.program, "serve"])
        try probe.awaitOutput("ready")
        try laboratory.awaitRing([1], within: .seconds(20))
    }

    deinit { laboratory.close() }

    func answers(_ words: [String], node: Int) throws -> [String] {
        try laboratory.node(node).run(words: [ProbedMachine.program, "call", "cmap"] + words).output
            .split(separator: "\n").map(String.init)
    }

    /// Names and types of all statistics, without process and cookie of the asking connection.
    func statisticNames(node: Int) throws -> [String] {
        try laboratory.node(node).run("corosync-cmapctl", "-m", "stats").lines.map { line in
            let words = line.split(separator: " ").prefix(2)
            let parts = words.first.map { $0.split(separator: ".") } ?? []
            let isConnection = parts.count == 6
            return (isConnection ? parts.prefix(3) + parts.suffix(1) : parts[...]).joined(separator: ".")
                + " " + (words.last ?? "")
        }.filter { !$0.hasPrefix("stats.rondo.") }
    }
}
