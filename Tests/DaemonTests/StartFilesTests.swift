import Glibc
import Testing

@testable import Daemon

/// Files and directories that a start needs besides its configuration: what it refuses, `-t` refuses with the same lines.
struct StartFilesTests {
    struct Case: CustomStringConvertible, Sendable {
        var description: String
        var logging = "to_syslog: no"
        var state: String?
        var quorum = ""
        /// Run before, in namespaces of the daemon's own where it mounts; D is the directory of the configuration.
        var before = ""
        var status: Int32
        var message: String
        /// What the second line says of the place, without the file's name; empty where no line of the file is at fault.
        var place = ""
        var remedy: String
    }

    static let logs: [Case] = [
        Case(
            description: "no directory", logging: "to_syslog: no\nto_logfile: yes\nlogfile: /no/such/dir/log",
            status: 7,
            message: "parse error in config: Can't open logfile '/no/such/dir/log' for reason: No such file or "
                + "directory (2).",
            place: ":19: logging.logfile is \"/no/such/dir/log\"",
            remedy: "to do: create its directory, writable for this user, or change logging.logfile"),
        Case(
            description: "a subsystem's, by a relative name",
            logging: "to_syslog: no\nlogger_subsys {\nsubsys: QUORUM\nto_logfile: yes\nlogfile: no/such/log\n}",
            status: 7,
            message: "parse error in config: Can't open logfile 'no/such/log' for reason: No such file or "
                + "directory (2).",
            place: ":21: logging.logger_subsys.QUORUM.logfile is \"no/such/log\"",
            remedy: "or change logging.logger_subsys.QUORUM.logfile"),
        Case(
            description: "a directory", logging: "to_syslog: no\nto_logfile: yes\nlogfile: /etc", status: 7,
            message: "parse error in config: Can't open logfile '/etc' for reason: Is a directory (21).",
            place: ":19: logging.logfile is \"/etc\"", remedy: "to do: it is a directory: name a file in it"),
    ]

    static let directories: [Case] = [
        Case(
            description: "missing", state: "/no/such/state", status: 16,
            message: "Cannot chdir to state directory /no/such/state. No such file or directory",
            place: ":20: system.state_dir is \"/no/such/state\"", remedy: "to do: create the directory"),
        Case(
            description: "a file", state: "/etc/passwd", status: 16,
            message: "Cannot chdir to state directory /etc/passwd. Not a directory",
            place: ":20: system.state_dir is \"/etc/passwd\"", remedy: "name another one with system.state_dir"),
        Case(
            description: "the ring id a directory", before: "mkdir D/ringid_1", status: 21,
            message: "Couldn't create ringid file 'D/ringid_1': Is a directory (21)",
            place: ":20: system.state_dir is \"D\"", remedy: "to do: 'D/ringid_1' is a directory: move it away"),
        Case(
            description: "the ring id a link", before: "ln -s /etc/passwd D/ringid_1", status: 21,
            message: "Couldn't create ringid file 'D/ringid_1': Too many levels of symbolic links (40)",
            place: ":20: system.state_dir is \"D\"", remedy: "which is not followed: move it away"),
        Case(
            description: "the ring id a pipe", before: "mkfifo D/ringid_1", status: 21,
            message: "Couldn't create ringid file 'D/ringid_1': Illegal seek (29)",
            place: ":20: system.state_dir is \"D\"", remedy: "to do: 'D/ringid_1' is a pipe: move it away"),
        Case(
            description: "the expected votes a directory", quorum: "\nexpected_votes_tracking: 1",
            before: "mkdir D/ev_tracking", status: 20,
            message: "Couldn't read or create 'D/ev_tracking': Is a directory (21)",
            place: ":21: system.state_dir is \"D\"", remedy: "to do: 'D/ev_tracking' is a directory: move it away"),
    ]

    static let users: [Case] = ["uid", "gid"].map { key in
        let kind = key == "uid" ? "user" : "group"
        return Case(
            description: kind, logging: "to_syslog: no\n}\nuidgid {\n\(key): no-such-one", status: 8,
            message: "parser error: D/corosync.conf:20: The 'no-such-one' \(kind) is not found in "
                + "/etc/\(kind == "user" ? "passwd" : "group"), please read the documentation.",
            place: ":20: uidgid.\(key) is \"no-such-one\"",
            remedy: "to do: create the \(kind), correct its name or remove the line")
    }

    @Test(arguments: ["-f", "-t"], logs + directories + users)
    func `A start and -t say the same of files, directories and users that are not there`(
        option: String, wanted: Case
    ) throws {
        try check(wanted, option)
    }

    @Test(.enabled(if: DaemonProcess.isRoot, "needs root to mount"), arguments: ["-f", "-t"])
    func `A state directory that cannot be written to is refused by -t as by a start`(option: String) throws {
        let mount = "mount -t tmpfs -o ro none /mnt"
        try check(
            Case(
                description: "read-only", state: "/mnt", before: mount, status: 21,
                message: "Couldn't create ringid file '/mnt/ringid_1': Read-only file system (30)",
                place: ":20: system.state_dir is \"/mnt\"",
                remedy: "to do: the file system of '/mnt' is read-only: mount it writable"), option)
        let number = "mount -t tmpfs none /mnt; printf 12345678 > /mnt/ringid_1; mount -o remount,ro /mnt"
        try check(
            Case(
                description: "read-only with a number", state: "/mnt", before: number, status: 21,
                message: "Couldn't create ringid file '/mnt/ringid_1': Read-only file system (30)",
                place: ":20: system.state_dir is \"/mnt\"", remedy: "mount it writable"), option)
    }

    @Test(.enabled(if: DaemonProcess.isRoot, "needs root to become another user"), arguments: ["-f", "-t"])
    func `A number that may not be read is refused by -t as by a start`(option: String) throws {
        try check(
            Case(
                description: "may not be read",
                before:
                    "printf 12345678 > D/ringid_1; chmod 0200 D/ringid_1; chmod 0777 D/.; chmod 0644 D/corosync.conf",
                status: 21, message: "Couldn't create ringid file 'D/ringid_1': Permission denied (13)",
                place: ":20: system.state_dir is \"D\"", remedy: "to do: let user 65534 write to '"), option,
            user: 65534)
    }

    @Test func `-t makes nothing in the state directory`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        let daemon = try DaemonProcess(["-t", "-c", directory.path + "/corosync.conf"], in: directory)
        #expect(daemon.exitCode() == 0)
        #expect(directory.names == ["corosync.conf", "output"])
    }

    private func check(_ wanted: Case, _ option: String, user: uid_t? = nil) throws {
        let directory = try TemporaryDirectory()
        defer { rmdir(directory.path + "/ringid_1"); rmdir(directory.path + "/ev_tracking") }
        func here(_ text: String) -> String {
            // In the cases a lone D is the directory.
            text.split(separator: "D/", omittingEmptySubsequences: false).joined(separator: directory.path + "/")
                .split(separator: "\"D\"", omittingEmptySubsequences: false).joined(separator: "\"\(directory.path)\"")
        }
        TestConfiguration(provider: "corosync_votequorum\(wanted.quorum)", logging: wanted.logging)
            .write(to: directory, state: wanted.state)
        let daemon = try DaemonProcess(
            [option, "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory,
            before: here(wanted.before),
            isolated: wanted.before.contains("mount") || user != nil, user: user)
        #expect(daemon.exitCode() == wanted.status)
        let lines = daemon.output.split(separator: "\n")
        let first = lines.firstIndex { $0.hasSuffix(here(wanted.message)) }
        let next = first.map { lines[$0 + 1 < lines.count ? $0 + 1 : $0] } ?? ""
        #expect(next.contains(here("corosync.conf\(wanted.place)")), "\(daemon.output)")
        #expect(next.contains(here(wanted.remedy)), "\(daemon.output)")
    }
}
