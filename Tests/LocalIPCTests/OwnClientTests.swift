import ClusterLab
import Testing

/// The client library of this package with the server of this package; with Corosync's, it is RondoKit's tests and the tools'
/// that run it (spec: ipc.md 3).
@Suite(.enabled(if: Requirements.testsRun, Comment(rawValue: Requirements.explanation)), .serialized)
struct OwnClientTests {
    private func own(_ machine: ProbedMachine, _ service: String, _ words: String...) throws -> [String] {
        try machine.laboratory.node(1).run(words: [ProbedMachine.program, "own", service] + words).output
            .split(separator: "\n").map(String.init)
    }

    @Test func `Messages of every size come back whole`() throws {
        let machine = try ProbedMachine()
        let said = try own(
            machine, "cpg", "node", "join", "take=2", "send=0", "take=1", "send=1047552", "take=1", "send=3000001",
            "take=1")
        #expect(
            said == [
                "node 1", "joined 1", "members 1, joined 1", "ring of 1", "sent 1", "message of 0, whole", "sent 1",
                "message of 1047552, whole", "sent 1", "message of 3000001, whole",
            ])
    }

    @Test func `Many events wait for whoever reads late`() throws {
        let machine = try ProbedMachine()
        let messages = [String](repeating: "send=9", count: 700)
        let result = try machine.laboratory.node(1).run(
            words: [ProbedMachine.program, "own", "cpg", "join"] + messages + ["take=702"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count { $0 == "sent 1" } == 700)
        #expect(lines.count { $0 == "message of 9, whole" } == 700)
    }

    @Test func `A daemon that holds multicasts back says so, and takes what else is asked`() throws {
        let machine = try ProbedMachine()
        let client = try machine.laboratory.node(1).launch([
            ProbedMachine.program, "own", "cmap", "track", "take=1", "end",
        ])
        try client.awaitOutput("tracks 1")
        _ = try machine.run("corosync-cmapctl", "-s", "probe.hold", "u8", "1")
        #expect(try own(machine, "cpg", "send=1") == ["error tryAgain"])
        _ = try machine.run("corosync-cmapctl", "-d", "probe.hold")
        #expect(try own(machine, "cpg", "send=1") == ["sent 1"])
        _ = try machine.run("corosync-cmapctl", "-s", "my.key", "u8", "1")
        try client.awaitOutput("change of my.key")
    }

    @Test func `Whoever may not connect learns why`() throws {
        let machine = try ProbedMachine()
        let stranger = ["setpriv", "--reuid=65534", "--regid=65533", "--clear-groups"]
        let denied = try machine.laboratory.node(1).run(
            words: stranger + [ProbedMachine.program, "own", "cpg", "node"])
        #expect(denied.output == "refused access\n")
        _ = try machine.run("corosync-cmapctl", "-s", "uidgid.gid.65533", "u8", "1")
        let allowed = try machine.laboratory.node(1).run(
            words: stranger + [ProbedMachine.program, "own", "cpg", "node"])
        #expect(allowed.output == "node 1\n")
        _ = try machine.run("corosync-cmapctl", "-s", "probe.starting", "u8", "1")
        #expect(try own(machine, "cpg", "node") == ["refused tryAgain"])
    }

    @Test func `Without a daemon nobody answers, and whoever else listens at its name is none`() throws {
        let laboratory = try Laboratory(nodes: 1)
        defer { laboratory.close() }
        let ask = [ProbedMachine.program, "own", "cpg", "node"]
        #expect(try laboratory.node(1).run(words: ask).output == "refused library\n")
        let impostor = try laboratory.node(1).launch([
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ProbedMachine.program, "serve",
        ])
        try impostor.awaitOutput("ready")
        #expect(try laboratory.node(1).run(words: ask).output == "refused access\n")
    }

    @Test func `A response that does not come in time ends the connection`() throws {
        let machine = try ProbedMachine()
        let client = try machine.laboratory.node(1).launch([
            ProbedMachine.program, "own", "cpg", "node", "line", "node=300", "node",
        ])
        try client.awaitOutput("node 1")
        _ = try machine.run("pkill", "-STOP", "-f", "ipc-probe serve")
        client.type("\n")
        try client.awaitOutput("error timeout\nerror library\n")
        _ = try machine.run("pkill", "-CONT", "-f", "ipc-probe serve")
        #expect(try own(machine, "cpg", "node") == ["node 1"])
    }

    @Test func `A client notices that its daemon was killed, and takes away what that left`() throws {
        let machine = try ProbedMachine()
        let client = try machine.laboratory.node(1).launch([
            ProbedMachine.program, "own", "cmap", "track", "end", "line",
        ])
        let asking = try machine.laboratory.node(1).launch([
            ProbedMachine.program, "own", "cpg", "line", "node", "line",
        ])
        try client.awaitOutput("tracks 1")
        _ = try machine.run("pkill", "-9", "-f", "ipc-probe serve")
        try client.awaitOutput("error library")
        asking.type("\n")
        try asking.awaitOutput("error library")
        // Whether the programs go on or not.
        try machine.run("ls", "/dev/shm") { $0 == "exit status 0" }
    }
}
