import ClusterLab
import Testing

/// The real tools on Rondo's local IPC (spec: daemon-and-tools.md 4.1, 4.2).
@Suite(.enabled(if: Requirements.testsRun, Comment(rawValue: Requirements.explanation)), .serialized)
struct ToolTests {
    private let machine: ProbedMachine

    init() throws { machine = try ProbedMachine() }

    private let nodelist = """
        nodelist.local_node_pos (u32) = 0
        nodelist.node.0.nodeid (u32) = 1
        nodelist.node.0.ring0_addr (str) = 127.0.0.1
        nodelist.node.1.nodeid (u32) = 2
        nodelist.node.1.ring0_addr (str) = 127.0.0.2
        nodelist.node.2.nodeid (u32) = 3
        nodelist.node.2.ring0_addr (str) = 127.0.0.3

        """

    @Test func cmapctlListsKeysInOrder() throws {
        #expect(try machine.run("corosync-cmapctl", "nodelist.") == nodelist + "exit status 0")
        let all = try machine.run("corosync-cmapctl")
        #expect(all.contains(nodelist))
        #expect(all.contains("runtime.members.1.ip (str) = r(0) ip(127.0.0.1) \n"))
        #expect(all.contains("runtime.services.cmap.0.tx (u64) = 0\n"))
        #expect(try machine.run("corosync-cmapctl", "nothing.") == "exit status 1")
    }

    @Test func cmapctlSetsGetsAndDeletesEveryType() throws {
        for (type, value, shown) in [
            ("i8", "-5", "-5"), ("u8", "200", "200"), ("i16", "-300", "-300"), ("u16", "60000", "60000"),
            ("i32", "-70000", "-70000"), ("u32", "4000000000", "4000000000"), ("i64", "-5000000000", "-5000000000"),
            ("u64", "18446744073709551615", "18446744073709551615"), ("flt", "1.5", "1.500000"),
            ("dbl", "-2.25", "-2.250000"), ("str", "some text", "some text"),
        ] {
            #expect(try machine.run("corosync-cmapctl", "-s", "--", "test.key", type, value) == "exit status 0")
            #expect(
                try machine.run("corosync-cmapctl", "-g", "test.key") == "test.key (\(type)) = \(shown)\nexit status 0")
        }
        #expect(try machine.run("corosync-cmapctl", "-d", "test.key") == "exit status 0")
        #expect(
            try machine.run("corosync-cmapctl", "-g", "test.key")
                == "Can't get key test.key. Error CS_ERR_NOT_EXIST\nexit status 1")
    }

    @Test func cmapctlIsToldWhatItMayNot() throws {
        #expect(
            try machine.run("corosync-cmapctl", "-s", "totem.transport", "str", "knet")
                == "Failed to set key totem.transport. Error CS_ERR_ACCESS\nexit status 1")
        #expect(
            try machine.run("corosync-cmapctl", "-s", "no", "u8", "1")
                == "Failed to set key no. Error CS_ERR_NAME_TOO_LONG\nexit status 1")
        #expect(
            try machine.run("corosync-cmapctl", "-d", "nodelist.local_node_pos").contains("CS_ERR_ACCESS"))
    }

    @Test func cmapctlDeletesByPrefixWhileItWalks() throws {
        for number in 0..<5 {
            _ = try machine.run("corosync-cmapctl", "-s", "many.\(number)", "u8", "1")
        }
        #expect(try machine.run("corosync-cmapctl", "-D", "many.") == "exit status 0")
        #expect(try machine.run("corosync-cmapctl", "many.") == "exit status 1")
    }

    @Test func cmapctlTracksChangesOfOthers() throws {
        let tool = try machine.laboratory.node(1).launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "my."])
        try tool.awaitOutput("Type \"q\" to finish")
        _ = try machine.run("corosync-cmapctl", "-s", "my.key", "u32", "5")
        _ = try machine.run("corosync-cmapctl", "-s", "my.key", "u32", "6")
        _ = try machine.run("corosync-cmapctl", "-s", "your.key", "u32", "6")
        _ = try machine.run("corosync-cmapctl", "-d", "my.key")
        try tool.awaitOutput("delete>")
        tool.type("q\n")
        #expect("\(try tool.awaitEnd())" == "exit status 0")
        #expect(
            tool.output.split(separator: "\n").dropFirst() == [
                "create> my.key (u32) = 5", "modify> my.key (u32) = 6", "delete> my.key (u32) = 6",
            ])
    }

    @Test func cmapctlReadsAndClearsStatistics() throws {
        let statistics = try machine.run("corosync-cmapctl", "-m", "stats")
        #expect(statistics.contains("stats.srp.orf_token_rx (u64) = 0\n"))
        #expect(statistics.contains(".procname (str) = corosync-cmapct\n"))
        let requests = statistics.split(separator: "\n").first { $0.contains(".requests (u64)") }
        #expect(requests?.hasSuffix(" = 0") == false)
        #expect(try machine.run("corosync-cmapctl", "-C", "ipc") == "exit status 0")
        try machine.run("corosync-cmapctl", "-m", "stats", "-g", "stats.ipcs.global.closed") {
            $0.hasPrefix("stats.ipcs.global.closed (u64) = ") && !$0.contains(" = 0\n")
        }
    }

    @Test func cfgtoolShowsLinksAndNodes() throws {
        #expect(
            try machine.run("corosync-cfgtool", "-s")
                == "Local node ID 1, transport udpu\nLINK ID 0 \n\taddr\t= 127.0.0.3\n\tstatus:\n"
                + "\t\tnodeid:          1:\tlocalhost\n\t\tnodeid:          2:\tconnected\n"
                + "\t\tnodeid:          3:\tdisconnected\nexit status 0")
        #expect(
            try machine.run("corosync-cfgtool", "-n")
                == "Local node ID 1, transport udpu\nnodeid: 2 reachable\n"
                + "   LINK: 0  (127.0.0.2) enabled connected mtu: 1410\n\nexit status 0")
        #expect(try machine.run("corosync-cfgtool", "-a", "2") == "127.0.0.2\nexit status 0")
        #expect(
            try machine.run("corosync-cfgtool", "-a", "9")
                == "Could not get node address for nodeid 9\nexit status 1")
    }

    @Test func cfgtoolsCommandsReachTheDaemon() throws {
        #expect(try machine.run("corosync-cfgtool", "-L") == "exit status 0")
        #expect(try machine.run("corosync-cfgtool", "-R").hasSuffix("CS_ERR_INVALID_PARAM\nexit status 7"))
        #expect(try machine.run("corosync-cfgtool", "-k", "2") == "Killing node 2\nexit status 0")
        #expect(try machine.run("corosync-cfgtool", "-H") == "Shutting down corosync\nexit status 0")
        for action in ["reopenLogs", "reload", "killNode(2, reason: \"Killed by corosync-cfgtool\")", "shutDown"] {
            try machine.server.awaitOutput("action " + action)
        }
    }
}
