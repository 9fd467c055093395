import Foundation
import Testing

/// What `rondo timing` says of a file that this machine cannot start with, though another could.
@Suite struct TimingHereTests {
    private static let name = ProcessInfo.processInfo.hostName
    private static let isRoot = geteuid() == 0

    /// A file in which this machine is the first node, or no node at all.
    private static func file(_ more: String, here: Bool = true, totem: String = "transport: udpu") -> String {
        "totem {\nversion: 2\n\(totem)\n}\nnodelist {\nnode {\nname: \(here ? name : "elsewhere.example")\n"
            + "ring0_addr: \(here ? "127.0.0.1" : "198.51.100.77")\nnodeid: 1\n}\n}\n\(more)\n"
    }

    private static let log = "logging {\nto_logfile: yes\nlogfile: /no/such/dir/log\n}"
    private static let state = "system {\nstate_dir: /no/such/state\n}"

    @Test(
        "Log files, state directories and keys that are not there are refused as a start refuses them",
        .enabled(if: isRoot, "who is not root may see less than the daemon"),
        arguments: [
            (
                log, "transport: udpu", Int32(7),
                ":14: logging.logfile is \"/no/such/dir/log\"; to do: create its directory"
            ),
            (
                "logging {\nlogger_subsys {\nsubsys: CPG\nto_logfile: yes\nlogfile: /etc\n}\n}", "transport: udpu", 7,
                ":16: logging.logger_subsys.CPG.logfile is \"/etc\"; to do: it is a directory"
            ),
            (state, "transport: udpu", 16, ":13: system.state_dir is \"/no/such/state\"; to do: create the directory"),
            (
                "", "crypto_cipher: aes256\ncrypto_hash: sha256\nkeyfile: /no/such/key", 8,
                ":5: totem.keyfile is \"/no/such/key\"; to do: copy the key of another node there"
            ),
        ])
    func files(more: String, totem: String, status: Int32, text: String) throws {
        try expect(Self.file(more, totem: totem), status, text)
    }

    @Test("A ring id that cannot be stored is refused as a start refuses it", .enabled(if: isRoot, "as above"))
    func storage() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString)")
        let obstacle = directory.appending(path: "ringid_1")
        try FileManager.default.createDirectory(at: obstacle, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try expect(
            Self.file("system {\nstate_dir: \(directory.path)\n}"), 21,
            ":13: system.state_dir is \"\(directory.path)\"; to do: '\(obstacle.path)' is a directory: move it away")
    }

    @Test("Users and groups that this machine has not are refused as a start refuses them", arguments: ["uid", "gid"])
    func accounts(key: String) throws {
        try expect(
            Self.file("uidgid {\n\(key): no-such-one\n}"), 8,
            ":13: uidgid.\(key) is \"no-such-one\"; permitted: a number 0..4294967294 or the name")
    }

    @Test(
        "Of another machine's file nothing is asked here",
        arguments: [log, state, "uidgid {\nuid: no-such-one\n}"])
    func elsewhere(more: String) throws {
        let result = try Tool.run(["timing"], on: Self.file(more, here: false))
        #expect(result.status == 0, "\(result.complaint)")
    }

    @Test("A file of lists beside it is read as at a start", .enabled(if: isRoot, "others may not read such lists"))
    func lists() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString)")
        let lists = directory.appending(path: "uidgid.d")
        try FileManager.default.createDirectory(at: lists, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try "uidgid {\nuid: no-such-one\n}\n".write(
            to: lists.appending(path: "pacemaker"), atomically: false, encoding: .utf8)
        let path = directory.appending(path: "corosync.conf").path
        try Self.file("").write(toFile: path, atomically: false, encoding: .utf8)
        let result = try Tool.run(["timing", path])
        #expect(result.status == 8)
        #expect(result.complaint.contains("/uidgid.d/pacemaker:2: uidgid.uid is \"no-such-one\""))
    }

    @Test("What a start refuses first is named first", .enabled(if: isRoot, "as above"))
    func order() throws {
        let key = "crypto_cipher: aes256\ncrypto_hash: sha256\nkeyfile: /no/such/key"
        let result = try Tool.run(["timing"], on: Self.file("system {\npriority: high\n}", totem: key))
        #expect(result.status == 8)
        #expect(result.output.contains("No node can start with this file (exit status 8):"))
        #expect(result.complaint.contains(":15: system.priority is \"high\""), "\(result.complaint)")
        // The state directory comes before both.
        try expect(
            Self.file("system {\npriority: high\nstate_dir: /no/such/state\n}", totem: key), 16,
            ":16: system.state_dir is \"/no/such/state\"")
    }

    @Test("Looking makes no log file", .enabled(if: isRoot, "as above"))
    func makesNothing() throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString).log").path
        let result = try Tool.run(["timing"], on: Self.file("logging {\nto_logfile: yes\nlogfile: \(log)\n}"))
        #expect(result.status != 7)
        #expect(!FileManager.default.fileExists(atPath: log))
    }

    private func expect(_ file: String, _ status: Int32, _ text: String) throws {
        let result = try Tool.run(["timing"], on: file)
        #expect(result.status == status, "\(result.complaint)")
        #expect(result.output.contains("This machine cannot start with this file (exit status \(status)):"))
        #expect(result.complaint.contains(text), "\(result.complaint)")
    }
}
