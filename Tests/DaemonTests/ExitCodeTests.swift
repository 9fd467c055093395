import Glibc
import Testing

@testable import Daemon

/// Each way to fail has its exit code and says what to do (spec: daemon-and-tools.md 1.2).
struct ExitCodeTests {
    /// Runs the daemon in the foreground until it ends by itself.
    func run(
        _ configuration: TestConfiguration, options: [String] = ["-f"], state: String? = nil, before: String = "",
        isolated: Bool = false
    ) throws -> (code: Int32?, output: String) {
        let directory = try TemporaryDirectory()
        configuration.write(to: directory, state: state)
        let arguments = options + ["-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"]
        let daemon = try DaemonProcess(arguments, in: directory, before: before, isolated: isolated)
        return (daemon.exitCode(), daemon.output)
    }

    /// An address of the loopback that only this test uses.
    func address(_ last: Int) -> String { "127.\(100 + getpid() % 100).\(getpid() / 100 % 250).\(last)" }

    @Test func `A bad option shows the usage and exits 1`() throws {
        let directory = try TemporaryDirectory()
        let daemon = try DaemonProcess(["-h"], in: directory)
        #expect(daemon.exitCode() == 1)
        #expect(daemon.output.contains("usage:") && daemon.output.contains("-c     : Configuration file"))
    }

    @Test func `The version is printed and exits 0`() throws {
        let directory = try TemporaryDirectory()
        let daemon = try DaemonProcess(["-v"], in: directory)
        #expect(daemon.exitCode() == 0)
        #expect(daemon.output.hasPrefix("Corosync Cluster Engine, version '3.1.7'"))
    }

    @Test func `A configuration that is fine passes the test with one line`() throws {
        let (code, output) = try run(TestConfiguration(), options: ["-t"])
        #expect(code == 0)
        #expect(output.hasSuffix("notice  [MAIN  ] Corosync Cluster Engine exiting normally\n"))
        #expect(output.split(separator: "\n").count == 1)
    }

    @Test(arguments: [["-f"], ["-t"]])
    func `A configuration that is not there exits 8`(options: [String]) throws {
        let directory = try TemporaryDirectory()
        let daemon = try DaemonProcess(options + ["-c", "/no/such/file"], in: directory)
        #expect(daemon.exitCode() == 8)
        #expect(daemon.output.hasPrefix("Can't read file /no/such/file: No such file or directory\n"))
    }

    @Test func `A syntax error names file and line and exits 8`() throws {
        let directory = try TemporaryDirectory()
        directory.write(Array("totem {\nversion: 2\n".utf8), to: "corosync.conf")
        let path = directory.path + "/corosync.conf"
        let daemon = try DaemonProcess(["-t", "-c", path], in: directory)
        #expect(daemon.exitCode() == 8)
        #expect(daemon.output.hasPrefix("parser error: \(path):2: Missing closing brace\n"))
    }

    @Test func `A directory or an endless file in place of the configuration exits 8`() throws {
        for path in ["/etc", "/dev/zero"] {
            let directory = try TemporaryDirectory()
            let daemon = try DaemonProcess(["-t", "-c", path], in: directory)
            #expect(daemon.exitCode() == 8)
            #expect(daemon.output.hasPrefix("Can't read file \(path): "))
        }
    }

    @Test(arguments: ["-f", "-t"])
    func `A wrong logging value exits 7`(option: String) throws {
        let (code, output) = try run(TestConfiguration(logging: "timestamp: maybe"), options: [option])
        #expect(code == 7)
        #expect(output.contains("parse error in config: unknown value for timestamp"))
    }

    @Test func `A log file that cannot be opened exits 7`() throws {
        let (code, output) = try run(
            TestConfiguration(logging: "to_logfile: yes\nlogfile: /no/such/dir/log\nto_syslog: no"))
        #expect(code == 7)
        #expect(output.contains("Can't open logfile '/no/such/dir/log' for reason: No such file or directory (2)"))
    }

    @Test func `A missing state directory exits 16`() throws {
        let (code, output) = try run(TestConfiguration(), state: "/no/such/state")
        #expect(code == 16)
        #expect(output.contains("Cannot chdir to state directory /no/such/state. No such file or directory"))
        #expect(output.contains("error   [MAIN  ] Corosync Cluster Engine exiting with status 16 at "))
    }

    @Test func `Where the file names no state directory, systemd's is taken`() throws {
        func run(_ path: (String) -> String) throws -> (code: Int32?, output: String, directory: String) {
            let directory = try TemporaryDirectory()
            TestConfiguration().write(to: directory)
            let file = directory.path + "/corosync.conf"
            let daemon = try DaemonProcess(
                ["-t", "-c", file], in: directory,
                before: "sed -i /state_dir/d \(file); export STATE_DIRECTORY=\(path(directory.path))")
            return (daemon.exitCode(), daemon.output, directory.path)
        }
        #expect(try run { $0 }.code == 0)
        let (code, output, directory) = try run { $0 + "/missing" }
        #expect(code == 16)
        #expect(output.contains("Cannot chdir to state directory \(directory)/missing. No such file or directory"))
    }

    @Test func `A node that is not this machine exits 8`() throws {
        let (code, output) = try run(TestConfiguration(address: "198.51.100.77", name: nil))
        #expect(code == 8)
        #expect(output.contains("No valid name found for local host"))
    }

    @Test(arguments: ["-f", "-t"])
    func `A node found by its name whose address is elsewhere exits 15`(option: String) throws {
        let (code, output) = try run(TestConfiguration(address: "198.51.100.77"), options: [option])
        #expect(code == 15)
        #expect(output.contains("One of your ip addresses are now bound to localhost."))
        #expect(output.contains("no network interface of this machine has the address 198.51.100.77"))
    }

    @Test(arguments: ["-f", "-t"])
    func `A priority that is none exits 8`(option: String) throws {
        let (code, output) = try run(TestConfiguration(system: "sched_rr: no\npriority: high"), options: [option])
        #expect(code == 8)
        #expect(output.contains("Priority value high is invalid"))
        #expect(output.contains("corosync.conf:22: system.priority is \"high\"; permitted: max, min or a nice value"))
    }

    @Test func `A lock file that cannot be made exits 17`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(address: address(1)).write(to: directory)
        let daemon = try DaemonProcess(
            ["-f", "-c", directory.path + "/corosync.conf", "-l", "/no/such/dir/pid"], in: directory)
        #expect(daemon.exitCode() == 17)
        #expect(daemon.output.contains("Corosync Executive couldn't create lock file."))
        #expect(daemon.output.contains("/no/such/dir/pid"))
    }

    @Test(arguments: ["-f", "-t"])
    func `An unknown quorum provider exits 20`(option: String) throws {
        let (code, output) = try run(TestConfiguration(address: address(2), provider: "nonsense"), options: [option])
        #expect(code == 20)
        #expect(output.contains("nonsense"))
        #expect(output.contains("exiting with status 20 at "))
    }

    @Test func `A port in use is tried again, named, and exits 1`() throws {
        let directory = try TemporaryDirectory()
        let own = address(3)
        let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var holder = sockaddr_in()
        holder.sin_family = sa_family_t(AF_INET)
        holder.sin_port = UInt16(5405).bigEndian
        inet_pton(AF_INET, own, &holder.sin_addr)
        let bound = withUnsafePointer(to: &holder) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(bound == 0)
        TestConfiguration(address: own).write(to: directory)
        let daemon = try DaemonProcess(
            ["-f", "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory)
        #expect(daemon.exitCode() == 1)
        #expect(daemon.output.contains("bind token socket failed: Address already in use (98)"))
        #expect(daemon.output.contains("Unable to create sockets, exiting: UDP port 5405 on \(own) is in use"))
    }

    @Test func `A ring id file that cannot be made exits 21`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(address: address(4)).write(to: directory)
        let path = directory.path + "/ringid_1"
        mkdir(path, 0o700)
        defer { rmdir(path) }
        let daemon = try DaemonProcess(
            ["-f", "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory)
        #expect(daemon.exitCode() == 21)
        #expect(daemon.output.contains("Couldn't create ringid file '\(path)': Is a directory (21)\n"))
        #expect(daemon.output.contains("'\(path)' is a directory: move it away\n"))
        #expect(!directory.names.contains("pid"))
    }

    /// A state directory of its own at /mnt in which nothing can be stored.
    @Test(
        .enabled(if: DaemonProcess.isRoot, "needs root to mount"),
        arguments: [
            ("mount -t tmpfs -o ro none /mnt", "Read-only file system (30)", "mount it writable"),
            (
                // A directory cannot be made either.
                "mount -t tmpfs -o size=8k,nr_inodes=1 none /mnt", "No space left on device (28)", "free space on"
            ),
        ])
    func `A state directory in which nothing can be stored exits 21`(
        preparation: String, reason: String, advice: String
    ) throws {
        let (code, output) = try run(TestConfiguration(), state: "/mnt", before: preparation, isolated: true)
        #expect(code == 21)
        #expect(output.contains("Couldn't create ringid file '/mnt/ringid_1': \(reason)\n"))
        #expect(output.contains(advice))
        #expect(output.contains("'/mnt'"))
    }
}
