import ClusterConfiguration
import Glibc
import Host

@testable import Daemon

/// A real rondod, started from where the tests were built.
final class DaemonProcess {
    private let process: pid_t
    private let outputPath: String
    private var status: Int32?

    /// - Parameters:
    ///   - before: a shell text to run first, in the same process; it ends with the daemon's start.
    ///   - isolated: in network, mount and host name namespaces of its own, with a loopback; needs root.
    ///   - user: the user id to run it as; needs root.
    init(
        _ arguments: [String], in directory: TemporaryDirectory, before: String = "", isolated: Bool = false,
        user: uid_t? = nil
    ) throws {
        outputPath = directory.path + "/output"
        let become = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups"] } ?? []
        let quoted = (become + [Self.binary] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let preparation =
            isolated
            ? "ip link set lo up; mount -t tmpfs none /dev/shm; mount -t tmpfs -o mode=755 none /run; \(before)"
            : before
        let shell = "exec > '\(outputPath)' 2>&1; \(preparation)\nexec \(quoted)"
        let words = (isolated ? ["unshare", "-n", "-m", "-u"] : []) + ["sh", "-c", shell]
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        var child = pid_t()
        let result = posix_spawnp(&child, words[0], nil, nil, &pointers, environ)
        guard result == 0 else { throw SystemFailure("start \(words[0])", code: result) }
        process = child
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    static var binary: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { readlink("/proc/self/exe", $0.assumingMemoryBound(to: CChar.self), bytes.count) }
                ?? 0
        }
        let path = String(decoding: buffer[0..<max(count, 0)], as: UTF8.self)
        return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/rondod"
    }

    static var isRoot: Bool { geteuid() == 0 }

    var output: String { text(of: outputPath) }

    func send(_ signal: Int32) { kill(process, signal) }

    var isRunning: Bool {
        guard status == nil else { return false }
        var value: Int32 = 0
        guard waitpid(process, &value, WNOHANG) == process else { return true }
        status = value
        return false
    }

    /// The exit code, 128 + the signal that ended it, or nil when it still runs after `seconds`.
    func exitCode(within seconds: Int = 20) -> Int32? {
        guard wait(seconds, until: { !isRunning }), let status else { return nil }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    /// Waits for a text in the output.
    func prints(_ text: String, within seconds: Int = 20) -> Bool {
        wait(seconds) { output.contains(text) }
    }

    private func wait(_ seconds: Int, until condition: () -> Bool) -> Bool {
        for _ in 0..<(seconds * 100) {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }
}

/// A configuration with one node on the loopback.
struct TestConfiguration {
    var address = "127.0.0.1"
    /// This machine's, so that the node is found whatever its address.
    var name: String? = HostFacts.current().hostName
    var provider: String? = "corosync_votequorum"
    var logging = "to_syslog: no"
    var system = ""
    var resources = ""
    var transport = "udpu"
    /// Further lines of the totem section, which begin in line 5.
    var totem = ""

    func write(to directory: TemporaryDirectory, state: String? = nil) {
        let text = """
            totem {
                version: 2
                cluster_name: test
                transport: \(transport)\(totem.isEmpty ? "" : "\n" + totem)
            }
            nodelist {
                node {
                    ring0_addr: \(address)
                    \(name.map { "name: \($0)" } ?? "")
                    nodeid: 1
                }
            }
            quorum {
                \(provider.map { "provider: \($0)" } ?? "")
            }
            logging {
            \(logging)
            }
            system {
                state_dir: \(state ?? directory.path)
            \(system)
            }
            resources {
                \(resources)
            }

            """
        directory.write(Array(text.utf8), to: "corosync.conf")
    }
}
