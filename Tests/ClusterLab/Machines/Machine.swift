import Glibc

/// A machine of the laboratory: its own network, mounts, host name and process numbers, kept by a holder process.
///
/// The holder is process 1 of its namespace and reads a pipe that only this process writes to. When the test process
/// ends, however it ends, the pipe closes, the holder exits, and the kernel kills everything inside and takes the
/// namespaces, with their interfaces, away.
final class Machine {
    let name: String
    /// The folder on the real file system that appears as /run/lab inside.
    let folder: String
    /// The holder as seen from outside.
    let holder: pid_t
    private let launcher: ChildProcess
    private var lifeline: Int32
    private var ended = false

    /// - Parameter removing: A folder that goes when the machine goes, even if this process crashed.
    init(name: String, folder: String, removing: String? = nil) throws {
        self.name = name
        self.folder = folder
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw LabError.systemCall(name: "mkdir", errno: errno, what: folder)
        }
        let life = try Pipe()
        let report = try Pipe()
        defer {
            close(life.readEnd)
            close(report.readEnd)
        }
        do {
            defer { close(report.writeEnd) }
            launcher = try ChildProcess(
                [
                    "unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
                    "--propagation", "private", "/bin/sh", "-c", Self.script, "holder", name, folder,
                    removing ?? "",
                ],
                input: .descriptor(life.readEnd), output: .descriptor(report.writeEnd),
                errors: .file(folder + "/holder.log"))
        }
        lifeline = life.writeEnd
        var text = ""
        while !text.hasSuffix("ready\n"), let part = readAvailable(report.readEnd) {
            text += String(decoding: part, as: UTF8.self)
        }
        guard text.hasSuffix("ready\n"), let inner = children(of: launcher.pid).first else {
            let complaint = (try? readText(folder + "/holder.log")) ?? ""
            launcher.destroy()
            close(life.writeEnd)
            throw LabError.commandFailed(
                command: "unshare (machine \(name))", status: "no namespace", output: text + complaint)
        }
        holder = inner
    }

    deinit { end() }

    /// Everything a cluster daemon keeps outside its process gets a fresh, private place. The shell's built-in read is
    /// what waits, so that nothing needs to be reaped or forked afterwards. A resource manager that believes its node to be
    /// fenced resets the machine by /proc/sysrq-trigger, which is the real one in every namespace: nobody gets at that, nor
    /// at a real watchdog.
    private static let script = """
        set -e
        hostname "$1"
        for place in /dev/shm /run /var/lib/corosync /etc/corosync; do
            mkdir -p "$place"
            mount -t tmpfs -o mode=755,size=512m lab "$place"
        done
        chmod 1777 /dev/shm
        mkdir -p /run/lab
        mount --bind "$2" /run/lab
        for danger in /proc/sysrq-trigger /dev/watchdog /dev/watchdog0; do
            test ! -e "$danger" || mount --bind /dev/null "$danger"
        done
        ip link set lo up
        echo ready
        exec >/dev/null
        while read -r line; do :; done
        test -z "$3" || rm -rf --one-file-system "$3" 2>/dev/null
        """

    /// The words that, put before a command, run it inside.
    var entrance: [String] {
        ["nsenter", "--target", "\(holder)", "--net", "--mount", "--uts", "--pid", "--"]
    }

    /// A path inside, as it is reached from outside.
    func outside(_ path: String) -> String { "/proc/\(holder)/root\(path)" }

    /// The living processes on the machine, as seen from outside, without the holder.
    var processes: [pid_t] {
        let own = namespace(of: holder)
        guard own != nil, let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name), process != holder, namespace(of: process) == own else { continue }
            // One that has ended and waits to be collected has no program any more.
            var program = [CChar](repeating: 0, count: 16)
            if readlink("/proc/\(process)/exe", &program, program.count) > 0 { found.append(process) }
        }
        return found.sorted()
    }

    private func namespace(of process: pid_t) -> [CChar]? {
        var name = [CChar](repeating: 0, count: 64)
        return readlink("/proc/\(process)/ns/pid", &name, name.count) > 0 ? name : nil
    }

    /// Lets the machine end, without waiting for it.
    func release() {
        guard lifeline >= 0 else { return }
        close(lifeline)
        lifeline = -1
    }

    /// Ends the machine and everything on it. A second call does nothing.
    func end() {
        guard !ended else { return }
        ended = true
        release()
        if launcher.wait(within: .seconds(3)) == nil { launcher.destroy() }
    }
}
