import Glibc
import Testing

@testable import Daemon

/// What `-t` and a start say of files of users that went wrong (`Tests/Fixtures/cases`), on a machine `alpha` with the
/// address 10.77.0.1/16.
@Suite(.enabled(if: DaemonProcess.isRoot, "needs root for an address of its own"))
struct CheckTests {
    static let cases = String(#filePath.dropLast("DaemonTests/CheckTests.swift".count)) + "Fixtures/cases/"

    private func start(
        _ option: String, _ file: String, hosts: String? = nil, also: String = "", in directory: TemporaryDirectory
    ) throws -> DaemonProcess {
        let path = Self.cases + file
        let names = hosts.map { "mount --bind '\(Self.cases)\($0)' /etc/hosts; " } ?? ""
        return try DaemonProcess(
            [option, "-c", path, "-l", directory.path + "/pid"], in: directory,
            before: "hostname alpha; ip link add net type veth peer name net-end; ip link set net-end up; "
                + "ip link set net up; ip address add 10.77.0.1/16 dev net; mount -t tmpfs none /var/lib; "
                + "mkdir /var/lib/corosync; \(names)\(also)", isolated: true)
    }

    private func test(_ file: String, hosts: String? = nil) throws -> (code: Int32?, lines: [Substring]) {
        let directory = try TemporaryDirectory()
        let daemon = try start("-t", file, hosts: hosts, in: directory)
        return (daemon.exitCode(), daemon.output.split(separator: "\n"))
    }

    // MARK: 01

    @Test func `An address that is on no interface is named, and serves once it is there`() throws {
        let file = "01-local-address-not-usable/a-absent-address.conf"
        let warning = "ring0_addr 10.77.0.8 of this node is on no interface of this machine; 10.77.0.1 of net is used"
        let (code, lines) = try test(file)
        #expect(code == 0)
        #expect(
            lines.contains { $0.contains("warning [MAIN  ]") && $0.contains("a-absent-address.conf:8: \(warning)") })

        let directory = try TemporaryDirectory()
        let daemon = try start(
            "-f", file,
            also:
                "( while [ ! -e '\(directory.path)/go' ]; do sleep 0.1; done; ip address add 10.77.0.8/16 dev net ) &",
            in: directory)
        #expect(daemon.prints("Configured link number 0: local addr: 10.77.0.1, port=5405"))
        daemon.send(SIGUSR2)
        #expect(daemon.prints("State: GATHER"))
        #expect(daemon.output.contains(warning))
        directory.write([], to: "go")
        #expect(daemon.prints("The network interface [10.77.0.8] is now up."))
        #expect(daemon.prints("A new membership (1."))
        let parts = daemon.output.split(separator: "The network interface [10.77.0.8] is now up.", maxSplits: 1)
        #expect(parts.first?.contains("A new membership") == false, "no ring before the address is there")
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func `A loopback address among others is named, and forms no ring`() throws {
        let file = "01-local-address-not-usable/b-hosts-127.0.1.1.conf"
        let hosts = "01-local-address-not-usable/b-hosts"
        let warning = "ring0_addr alpha (127.0.1.1 by /etc/hosts or the name server) of this node is a loopback address"
        let (code, lines) = try test(file, hosts: hosts)
        #expect(code == 0)
        #expect(lines.contains { $0.contains("b-hosts-127.0.1.1.conf:8: \(warning)") })

        let directory = try TemporaryDirectory()
        let daemon = try start("-f", file, hosts: hosts, in: directory)
        #expect(daemon.prints("Configured link number 0: local addr: 127.0.1.1, port=5405"))
        daemon.send(SIGUSR2)
        #expect(daemon.prints("State: GATHER"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
        #expect(daemon.output.contains(warning))
        #expect(!daemon.output.contains("A new membership"))
    }

    @Test(arguments: ["udpu", "knet"], ["-f", "-t"])
    func `An address that no machine has is refused by a start as by -t`(transport: String, option: String) throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(address: "0.0.0.0", transport: transport).write(to: directory)
        let daemon = try DaemonProcess(
            [option, "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory,
            isolated: true)
        #expect(daemon.exitCode() == 15)
        #expect(
            daemon.output.contains("/corosync.conf:8: nodelist.node.0.ring0_addr is \"0.0.0.0\": it is the address of"))
    }

    // MARK: 03, 05

    @Test func `Deprecations are said before the error, and the node sections after it`() throws {
        let (code, lines) = try test("03-no-nodelist/memberaddr.conf")
        #expect(code == 8)
        func position(_ text: String) -> Int? { lines.firstIndex { $0.hasSuffix(text) } }
        let first = try #require(position("warning [MAIN  ] member section is deprecated."))
        let second = try #require(position("warning [MAIN  ] Please migrate config file to nodelist."))
        let error = try #require(
            position("error   [MAIN  ] parse error in config: No valid name found for local host"))
        let proposal = try #require(position("        ring0_addr: 10.77.0.2"))
        #expect(first < second && second < error && error < proposal)
    }

    @Test func `A misspelt section is no secret`() throws {
        let (code, lines) = try test("05-misspelt-sections/qourum.conf")
        #expect(code == 0)
        #expect(lines.contains { $0.contains("section qourum is not known and has no effect.") })
    }

    // MARK: 06

    @Test(arguments: [
        (
            "provider",
            "19: quorum.provider is \"corosync_vote\"; permitted: corosync_votequorum; to do: write "
                + "corosync_votequorum, or remove the line: then every partition is quorate"
        ),
        (
            "two-node-and-device",
            "20: quorum.two_node is \"1\": quorum.device.model is \"net\" (line 22); to do: remove "
                + "two_node: the device decides a tie, or remove section device"
        ),
    ])
    func `What a start refuses, -t refuses with the same lines and status`(name: String, explanation: String) throws {
        let file = "06-test-passes-start-fails/\(name).conf"
        let (code, lines) = try test(file)
        #expect(code == 20)
        #expect(lines.contains { $0.hasSuffix("\(name).conf:\(explanation)") })
        let directory = try TemporaryDirectory()
        let daemon = try start("-f", file, in: directory)
        #expect(daemon.exitCode() == 20)
        func refusals(_ lines: [Substring]) -> [Substring] {
            lines.filter { $0.contains("[QUORUM]") || $0.contains("[SERV  ]") || $0.contains("[VOTEQ ]") }
                .compactMap { $0.contains("error ") || $0.contains("crit ") ? $0.dropFirst(20) : nil }
        }
        let started = refusals(daemon.output.split(separator: "\n"))
        #expect(!started.isEmpty && refusals(lines) == started)
    }

    @Test func `What a start only doubts, -t doubts`() throws {
        let (code, lines) = try test("06-test-passes-start-fails/two-node-of-three.conf")
        #expect(code == 0)
        #expect(lines.contains { $0.contains("two_node is for clusters of two nodes; with 3") })
    }

    // MARK: 12

    @Test func `A log file that cannot be opened has Corosync's line to the last character, and a place`() throws {
        let (code, lines) = try test("12-unlocated-texts/logdir.conf")
        #expect(code == 7)
        #expect(
            lines.contains(
                "parse error in config: Can't open logfile '/var/log/nosuchdir/corosync.log' for reason: No such file "
                    + "or directory (2)."))
        #expect(
            lines.contains { $0.contains("logdir.conf:23: logging.logfile is \"/var/log/nosuchdir/corosync.log\"") })
    }

    // MARK: stderr

    @Test(arguments: ["", "\n    logfile_priority: emerg"])
    func `-t says on stderr what is wrong, whatever the file says of stderr`(priority: String) throws {
        func run(
            _ option: String, system: String = "", resources: String = ""
        ) throws -> (code: Int32?, output: String) {
            let directory = try TemporaryDirectory()
            TestConfiguration(
                logging: "to_stderr: no\n    to_syslog: no\(priority)", system: system, resources: resources
            ).write(to: directory)
            let daemon = try DaemonProcess(
                [option, "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory)
            return (daemon.exitCode(), daemon.output)
        }
        let tested = try run("-t", system: "priority: high")
        #expect(tested.code == 8)
        #expect(tested.output.contains("Priority value high is invalid"))
        #expect(tested.output.contains("system.priority is \"high\""))
        let started = try run("-f", system: "priority: high")
        #expect(started.code == 8 && started.output.isEmpty)
        let watchdog = try run("-t", resources: "watchdog_device: /dev/no-such-watchdog")
        #expect(watchdog.code == 0)
        #expect(
            watchdog.output.contains("resources.watchdog_device /dev/no-such-watchdog cannot be used: No such file"))
        #expect(watchdog.output.split(separator: "\n").count == 1)
        let good = try run("-t")
        #expect(good.code == 0 && good.output.isEmpty)
    }

    @Test func `Names that lead to two families are told with their addresses`() throws {
        let (code, lines) = try test("12-unlocated-texts/family.conf", hosts: "12-unlocated-texts/family-hosts")
        #expect(code == 8)
        #expect(lines.contains { $0.contains("alpha is ::1 (node 1, line 8), beta is 10.77.0.2 (node 2, line 12)") })
    }
}
