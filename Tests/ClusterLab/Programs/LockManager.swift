import Glibc

/// `dlm_controld` on one node of the laboratory: the half of the distributed lock manager that lives beside the cluster
/// engine.
///
/// The other half is the kernel's. Where the kernel has none, as here, the daemon finds stand-ins for the devices it
/// opens at its start: enough for its part in the cluster (process group, quorum, membership, protocol agreement), not
/// for lockspaces, which only a kernel can have.
public final class LockManager {
    public let node: Node
    private var process: ChildProcess?

    /// Why the lock manager cannot be tried on this machine; nil when it can.
    public static let absence: String? = {
        guard findProgram("dlm_controld") != nil, findProgram("dlm_tool") != nil else {
            return "no DLM here (apt-get install dlm-controld)"
        }
        return nil
    }()

    /// Whether this kernel has a device that stands in for one that never has anything to say.
    public static let kernelHasStandIn = (try? readText("/proc/misc"))?.contains(" tun\n") ?? false

    public init(on node: Node) throws {
        self.node = node
        try mustRun(node.machine.entrance + ["/bin/sh", "-c", Self.devices])
    }

    /// A /dev of the node's own with the lock manager's devices, their entries in /proc/misc, and the folders of
    /// configfs. The daemon looks at minor numbers only; of the plock device it must never hear anything, and an
    /// unattached tun is silent.
    private static let devices = """
        set -e
        silent=$(awk '$2 == "tun" { print $1 }' /proc/misc)
        mkdir /run/dev
        mount -t tmpfs -o mode=755 lab /run/dev
        cd /run/dev
        mkdir misc shm
        mknod -m 666 null c 1 3
        mknod -m 666 zero c 1 5
        mknod -m 666 random c 1 8
        mknod -m 666 urandom c 1 9
        mknod misc/dlm-control c 1 3
        mknod misc/dlm-monitor c 1 3
        mknod misc/dlm_plock c 10 "$silent"
        mount --bind /dev/shm shm
        mount --rbind /run/dev /dev
        { grep -v dlm /proc/misc; echo 3 dlm-control; echo 3 dlm-monitor; echo "$silent" dlm_plock; } > /run/misc
        mount --bind /run/misc /proc/misc
        mount -t tmpfs lab /sys/kernel
        mkdir -p /sys/kernel/config/dlm /sys/kernel/dlm
        """

    /// Starts the daemon, without fencing; the engine should be there.
    public func start() throws {
        let log = node.folder + "/dlm.log"
        process = try ChildProcess(
            node.machine.entrance + ["dlm_controld", "-D", "-f", "0"], output: .file(log), errors: .file(log))
    }

    /// What `dlm_tool status` says: whether there is quorum, and the members' node ids.
    public func status() throws -> (quorate: Bool, members: [UInt32]) {
        let lines = try node.run("dlm_tool", "status").lines.map { $0.split(separator: " ") }
        return (
            lines.contains { $0.starts(with: ["cluster", "nodeid", "\(node.id)", "quorate", "1"]) },
            lines.filter { $0.count > 2 && $0[0] == "node" && $0[2] == "M" }.compactMap { UInt32($0[1]) }
        )
    }

    /// Takes the node away with all that runs on it.
    public func killNode() throws {
        process?.destroy()
        process = nil
        try node.killDaemon()
    }

    /// What to show when a test fails.
    public var report: String {
        let lines = ((try? readText(node.folder + "/dlm.log")) ?? "").split(separator: "\n").suffix(20)
        return "--- dlm_controld on node \(node.number)\n" + lines.joined(separator: "\n") + "\n"
    }

    deinit { process?.destroy() }
}
