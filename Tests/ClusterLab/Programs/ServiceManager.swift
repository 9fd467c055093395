import Glibc

/// systemd as process 1 of a machine within a node, with nothing to do but what it is told, and Rondo installed there.
///
/// It sees the node's network, its /run, /dev/shm, /etc/corosync and /var/lib/corosync; the processes are its own.
public final class ServiceManager {
    public let node: Node
    private let launcher: ChildProcess
    private let controlGroup: String
    /// systemd, as seen from outside.
    private var manager: pid_t = 0

    /// Why systemd cannot be tried on this machine; nil when it can.
    public static let absence: String? =
        access(program, X_OK) == 0 && findProgram("systemctl") != nil && findProgram("systemd-analyze") != nil
        ? nil : "no systemd here (apt-get install systemd)"

    /// Whether this machine has control groups that systemd could take for its own.
    public static var hasControlGroups: Bool { controlGroups != nil }

    private static let program = "/lib/systemd/systemd"

    /// Where this machine has its cgroup2 file system.
    private static let controlGroups: String? = {
        let mounts = (try? readText("/proc/self/mounts"))?.split(separator: "\n") ?? []
        let places = mounts.map { $0.split(separator: " ") }.filter { $0.count > 2 && $0[2] == "cgroup2" }
        return places.map { String($0[1]) }.first { access($0 + "/cgroup.procs", W_OK) == 0 }
    }()

    /// Starts systemd on the node and waits until it answers.
    public init(on node: Node, with installation: Installation) throws {
        guard let groups = Self.controlGroups, Self.absence == nil else {
            throw LabError.machineNotReady([Self.absence ?? "no writable cgroup2 file system here"])
        }
        self.node = node
        controlGroup = "\(groups)/rondo-lab-\(getpid())-\(node.number)"
        let log = node.folder + "/systemd.log"
        launcher = try ChildProcess(
            node.machine.entrance + [
                "/bin/sh", "-e", "-c", Self.outer, "systemd", controlGroup, Self.inner, installation.root,
                Installation.prefix, Self.program,
            ], output: .file(log), errors: .file(log))
        let deadline = ContinuousClock.now + .seconds(15)
        while try !answers() {
            guard launcher.poll() == nil, ContinuousClock.now < deadline else {
                throw LabError.timedOut(
                    what: "an answer of systemd", limit: .seconds(15), diagnostics: (try? readText(log)) ?? "")
            }
            usleep(20_000)
        }
    }

    /// A control group that can be taken for the root of all.
    private static let outer = """
        mkdir "$1"
        echo $$ > "$1/cgroup.procs"
        exec unshare --mount --pid --fork --kill-child --cgroup --mount-proc --propagation private \\
            /bin/sh -e -c "$2" systemd "$3" "$4" "$5"
        """

    /// No unit but those that systemd cannot do without, all of them empty, and the installed one.
    private static let inner = """
        mount -t cgroup2 lab /sys/fs/cgroup
        for place in /etc/systemd /lib/systemd/system /var/log /var/lib/systemd; do mount -t tmpfs lab "$place"; done
        mount --bind "$1$2" "$2"
        mount --bind "$1/etc/default" /etc/default
        for target in sysinit basic network-online shutdown umount; do
            printf '[Unit]\\nDescription=%s\\nDefaultDependencies=no\\n' $target > /lib/systemd/system/$target.target
        done
        export container=lab
        exec "$3" --system --unit=basic.target --log-target=console --log-level=info --show-status=no
        """

    private func answers() throws -> Bool {
        // nsenter's child became unshare, whose child became systemd.
        guard let shell = children(of: launcher.pid).first, let first = children(of: shell).first else { return false }
        manager = first
        return try run("systemctl", "list-units").succeeded
    }

    /// Runs a program as a user of this machine would.
    @discardableResult
    public func run(_ words: String..., within limit: Duration = .seconds(30)) throws -> CommandResult {
        try ClusterLab.run(entrance + words, within: limit)
    }

    /// Starts a program that runs beside the test until it is ended.
    public func launch(_ words: [String]) throws -> RunningTool { try RunningTool(entrance + words) }

    private var entrance: [String] {
        ["nsenter", "--target", "\(manager)", "--net", "--mount", "--uts", "--pid", "--"]
    }

    /// One property of a unit.
    public func property(_ name: String, of unit: String) throws -> String {
        String(try run("systemctl", "show", "--value", "--property=\(name)", unit).output.dropLast())
    }

    /// A file of /proc about the main process of a unit.
    public func processFile(_ name: String, of unit: String) throws -> String {
        try run("cat", "/proc/\(try property("MainPID", of: unit))/\(name)").output
    }

    /// What to show when a test fails.
    public func report() -> String {
        let status = try? run("systemctl", "status", "--no-pager", "--full", "rondod").output
        return "--- systemd on node \(node.number)\n" + (status ?? "it does not answer") + node.report()
    }

    /// Ends systemd and all that it has started.
    public func close() {
        launcher.destroy()
        // The kernel takes its time with the last processes.
        let deadline = ContinuousClock.now + .seconds(5)
        while access(controlGroup, F_OK) == 0, ContinuousClock.now < deadline {
            _ = try? ClusterLab.run(["find", controlGroup, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
        }
    }

    deinit { close() }
}
