import ClusterLab
import Testing

/// A program on the real client libraries, with Rondo's services behind it and with a real Corosync, compared line by
/// line (spec: ipc.md 6, 8, 9, 10, 11).
@Suite(.enabled(if: LibraryClient.isPossible, Comment(rawValue: LibraryClient.explanation)), .serialized)
struct LibraryTests {
    @Test func theLibrariesGetTheSameAnswersAndEvents() throws {
        let laboratory = try Laboratory(nodes: 2)
        defer { laboratory.close() }
        var configuration = RingConfiguration()
        configuration.quorum = true
        try laboratory.configure(configuration, listed: 1)
        try laboratory.node(1).start(.corosync)
        let probe = try laboratory.node(2).launch([ProbedMachine.program, "serve"])
        try probe.awaitOutput("ready")
        try laboratory.awaitRing([1], within: .seconds(20))

        let client = try LibraryClient.build(in: laboratory.folder)
        let corosync = try laboratory.node(1).run(words: [client], within: .seconds(60))
        let rondo = try laboratory.node(2).run(words: [client], within: .seconds(60))
        #expect(corosync.succeeded)
        #expect(rondo.status == corosync.status)
        #expect(corosync.lines.count > 100)
        for (number, (mine, theirs)) in zip(rondo.lines, corosync.lines).enumerated() where mine != theirs {
            Issue.record("line \(number + 1): with Rondo '\(mine)', with Corosync '\(theirs)'")
        }
        #expect(rondo.lines.count == corosync.lines.count)
    }
}

/// The C program in `Clients`, built where its libraries' headers are installed.
enum LibraryClient {
    private static let source = Checkout.root + "/Tests/LocalIPCTests/Clients/library-client.c"
    private static let libraries = ["cpg", "quorum", "votequorum", "cmap"]

    private static let hasHeaders: Bool = {
        let check = ["test", "-e", "/usr/include/corosync/cpg.h", "-a", "-e", "/usr/include/corosync/votequorum.h"]
        return (try? run(check).succeeded) == true && (try? run(["cc", "--version"]).succeeded) == true
    }()

    static var isPossible: Bool { Requirements.testsRun && (hasHeaders || Requirements.areMandatory) }

    static var explanation: String {
        Requirements.missing.isEmpty
            ? "a C compiler and the client libraries' headers are needed (apt-get install gcc libcpg-dev libcmap-dev "
                + "libquorum-dev libvotequorum-dev)"
            : Requirements.explanation
    }

    /// - Returns: the program's path.
    static func build(in folder: String) throws -> String {
        let program = folder + "/library-client"
        let result = try run(
            ["cc", "-Wall", "-o", program, source] + libraries.map { "-l" + $0 }, within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
        return program
    }
}
