import ClusterLab
import Testing

/// The local IPC under clients that do not behave (spec: ipc.md 2.5, 2.7, 12).
@Suite(.enabled(if: Requirements.testsRun, Comment(rawValue: Requirements.explanation)), .serialized)
struct SocketTests {
    /// GET of `totem.version` with a buffer of 4 bytes.
    static let get =
        "02000000000000002001000000000000" + "0d00000000000000" + "746f74656d2e76657273696f6e"
        + "+00*243+0400000000000000"
    private static let answerToGet =
        "res 44 " + "02000000000000002c00000000000000" + "0100000000000000" + "0400000000000000"
        + "0600000000000000" + "02000000"
    private static let refusal = "res 24 000000000000000018000000000000000700000000000000"

    @Test func unknownAndMalformedRequestsAreRefused() throws {
        let machine = try ProbedMachine()
        let wrong = [
            "63000000000000001000000000000000",  // id 99
            "ffffffff000000001000000000000000",  // id -1
            "00000100000000001000000000000000",  // id 65536
            "0000000000000000fbffffff00000000",  // size -5
            "0000000000000000404b4c0000000000",  // size 5000000
            "00000000000000000000000000000000",  // size 0
            "00000000000000001800000000000000+00*8",  // SET shorter than its struct
        ]
        let answers = try machine.call("cmap", wrong + [Self.get])
        #expect(answers == Array(repeating: Self.refusal, count: wrong.count) + [Self.answerToGet])
        // What id 0 and a size of 24 ask of the other service is right.
        let others = try machine.call("cfg", wrong)
        #expect(others.dropLast() == Array(repeating: Self.refusal, count: wrong.count - 1)[...])
    }

    @Test func refusedRequestsAreCountedForTheirConnection() throws {
        let machine = try ProbedMachine()
        let wrong = "63000000000000001000000000000000"
        let client = try machine.laboratory.node(1).launch(
            [ProbedMachine.program, "call", "cmap", wrong, wrong, "wait3000"])
        try client.awaitOutput(Self.refusal + "\n" + Self.refusal)
        let statistics = try machine.run("corosync-cmapctl", "-m", "stats", "stats.ipcs.service0")
        #expect(statistics.contains(".procname (str) = ipc-probe\n"))
        #expect(statistics.contains(".invalid_request (u64) = 2\n"))
    }

    @Test func nobodyConnectsBeforeTheFirstSynchronization() throws {
        let machine = try ProbedMachine()
        _ = try machine.run("corosync-cmapctl", "-s", "probe.starting", "u8", "1")
        #expect(try machine.call("cmap", [Self.get]) == ["refused 11"])
    }

    /// A multicast sent on a connection made while the ring is busy was lost in Corosync without anybody knowing.
    @Test func aConnectionMadeWhileTheRingIsBusyIsHeldBackToo() throws {
        let machine = try ProbedMachine()
        let localGet = "04000000000000001000000000000000"
        let answer = ["res 32 07000000000000002000000000000000" + "0100000000000000" + "0100000000000000"]
        #expect(try machine.call("cpg", [localGet]) == answer)
        _ = try machine.run("corosync-cmapctl", "-s", "probe.hold", "u8", "1")
        // Refused at once; or, where the client was faster than the mark, left in its ring.
        let held = try machine.call("cpg", [localGet])
        #expect(held == ["err 11"] || held == ["err 110"])
        _ = try machine.run("corosync-cmapctl", "-d", "probe.hold")
        #expect(try machine.call("cpg", [localGet]) == answer)
    }

    /// To repeat a failure: `ipc-probe serve`, and `ipc-probe fuzz SERVICE SEED 400` beside it.
    @Test(arguments: 1...4) func requestsThatAreAlmostRightDoNoHarm(seed: Int) throws {
        let machine = try ProbedMachine()
        for service in ["cmap", "cfg", "cpg", "quorum", "votequorum"] {
            let said = try machine.run(ProbedMachine.program, "fuzz", service, "\(seed)", "400")
            #expect(said.hasPrefix("answered "))
        }
        let changed = try machine.run("corosync-cmapctl", "-s", "still.alive", "u8", "1")
        #expect(changed == "exit status 0", "\(machine.server.output.suffix(2000))")
    }

    @Test func theRequestThatAsksToDisconnectDoes() throws {
        let machine = try ProbedMachine()
        let answers = try machine.call("cmap", [Self.get, "fdffffff000000001000000000000000", Self.get])
        #expect(answers.first == Self.answerToGet)
        #expect(answers.dropFirst().allSatisfy { $0.hasPrefix("err") })
        #expect(try machine.call("cmap", [Self.get]) == [Self.answerToGet])
    }

    @Test func aStrangerIsDeniedUntilTheMapLetsItIn() throws {
        let machine = try ProbedMachine()
        let stranger = [
            "setpriv", "--reuid=65534", "--regid=65533", "--clear-groups", "corosync-cmapctl", "-g", "totem.version",
        ]
        let denied = try machine.laboratory.node(1).run(words: stranger)
        #expect(denied.errors.contains("CS_ERR_ACCESS"))
        try machine.server.awaitOutput("log error MAIN Denied connection attempt from 65534:65533")
        _ = try machine.run("corosync-cmapctl", "-s", "uidgid.gid.65533", "u8", "1")
        let allowed = try machine.laboratory.node(1).run(words: stranger)
        #expect(allowed.output == "totem.version (u32) = 2\n")
    }

    /// SET of `probe.flood`: 20 events of 1 MB each then go to a client that has room for one.
    private static let flood =
        "00000000000000002901000000000000" + "0b00000000000000" + "70726f62652e666c6f6f64"
        + "+00*245+0100000000000000" + "0200000000000000" + "01"

    @Test func eventsForASlowClientWaitAndArriveInOrder() throws {
        let machine = try ProbedMachine()
        let received = try machine.call("cmap", [Self.flood, Self.get, "wait300", "events", Self.get])
        let events = received.filter { $0.hasPrefix("event 1000336 ") }
        // Each carries its number where a tracker's handle is.
        let numbers = events.map { $0.split(separator: " ")[2].dropFirst(48).prefix(2) }
        #expect(numbers.map { UInt8($0, radix: 16) } == (0..<20).map { UInt8($0) })
        #expect(received.filter { $0 == Self.answerToGet }.count == 2)
        try machine.server.awaitOutput("Q empty, queued:")
    }

    @Test func aClientThatNeverReadsIsCutOffAndOthersAreNot() throws {
        let machine = try ProbedMachine(queueLimit: 5_000_000)
        let received = try machine.call("cmap", [Self.flood, "wait300", Self.get])
        #expect(received.last?.hasPrefix("err") == true)
        try machine.server.awaitOutput("does not read its cmap messages")
        #expect(try machine.call("cmap", [Self.get]) == [Self.answerToGet])
    }

    @Test func aKilledClientLeavesNothingBehind() throws {
        let machine = try ProbedMachine()
        let tool = try machine.laboratory.node(1).launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "my."])
        try tool.awaitOutput("to finish")
        // Only what runs on this machine of the laboratory can be seen, and so killed.
        _ = try machine.run("pkill", "-9", "-x", "corosync-cmapct")
        for _ in 0..<3 { _ = try machine.run("corosync-cmapctl", "-s", "my.key", "u8", "1") }
        try machine.run("corosync-cmapctl", "-m", "stats", "stats.ipcs.global") {
            $0.contains("stats.ipcs.global.active (u64) = 1\n")
        }
        try machine.run("ls", "/dev/shm") { $0 == "exit status 0" }
    }

    @Test func theServerEndsInOrderWhileClientsAreConnected() throws {
        let machine = try ProbedMachine()
        let tool = try machine.laboratory.node(1).launch(["stdbuf", "-oL", "corosync-cmapctl", "-T", "my."])
        try tool.awaitOutput("to finish")
        _ = try machine.run("pkill", "-TERM", "-x", "ipc-probe")
        try machine.server.awaitOutput("stopped")
    }

    @Test func everySocketHasItsLine() throws {
        let machine = try ProbedMachine()
        #expect(machine.server.output.contains("log info QB server name: cmap"))
    }
}
