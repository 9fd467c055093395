import Glibc
import Testing

@testable import Daemon

/// A node whose state directory takes no new file goes on; it ends only when a ring id can be stored in no way.
@Suite(.enabled(if: DaemonProcess.isRoot, "needs root to mount"))
struct StorageTests {
    let ready = "Completed service synchronization, ready to provide service."

    /// Starts a node with its state directory at /mnt.
    ///
    /// - Parameters:
    ///   - mounting: mounts it; the number 9 is stored then.
    ///   - spoiling: a shell text that runs in the node's namespaces when `spoil` is called; $$ is the node's process.
    ///   - afterwards: the same, when the node has ended.
    func start(
        in directory: TemporaryDirectory, mounting: String, spoiling: String = ":", afterwards: String = ":"
    ) throws -> DaemonProcess {
        TestConfiguration().write(to: directory, state: "/mnt")
        let helper =
            "( while [ ! -e \(directory.path)/spoil ]; do kill -0 $$ 2>/dev/null || exit; sleep 0.05; done; "
            + "\(spoiling); echo spoilt; while kill -0 $$ 2>/dev/null; do sleep 0.05; done; \(afterwards) ) &"
        return try DaemonProcess(
            ["-f", "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory,
            before: "\(mounting); printf '\\011\\0\\0\\0\\0\\0\\0\\0' > /mnt/ringid_1; \(helper)", isolated: true)
    }

    /// Has the helper spoil the disk and the node form a new ring: its interface goes away and comes back.
    func spoil(_ daemon: DaemonProcess, _ directory: TemporaryDirectory) throws {
        try #require(daemon.prints(ready))
        directory.write([], to: "spoil")
        try #require(daemon.prints("spoilt\n"))
    }

    /// The interface that carries the ring goes down and comes back: the node forms new rings.
    let newRing = "ip link set lo down; sleep 1.5; ip link set lo up"

    @Test func `A full disk does not end the node, and the number is stored`() throws {
        let directory = try TemporaryDirectory()
        let daemon = try start(
            in: directory, mounting: "mount -t tmpfs -o size=8k none /mnt",
            spoiling: "dd if=/dev/zero of=/mnt/fill bs=4k count=4 status=none 2>/dev/null; \(newRing)",
            afterwards: "echo stored $(od -An -tu1 /mnt/ringid_1), $(ls /mnt)")
        try spoil(daemon, directory)
        #expect(daemon.prints("The ring id was written over the old one in '/mnt/ringid_1'"))
        #expect(daemon.output.contains("No space left on device (28)). To do: free space on the disk of '/mnt'"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
        let last = try #require(lastRing(daemon.output))
        #expect(last > 0xd)
        #expect(daemon.prints("stored \(last) 0 0 0 0 0 0 0, fill ringid_1\n"))
    }

    @Test func `A disk that was full before the start lets the node start and go on`() throws {
        let directory = try TemporaryDirectory()
        let full = "dd if=/dev/zero of=/mnt/fill bs=4k count=4 status=none 2>/dev/null"
        let daemon = try start(
            in: directory,
            // The file keeps a page for itself.
            mounting: "mount -t tmpfs -o size=8k none /mnt; echo > /mnt/ringid_1; \(full)")
        #expect(daemon.prints(ready))
        #expect(daemon.output.contains("A new membership (1.e) was formed."))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func `A node that is out of descriptors goes on, and the number is stored`() throws {
        let directory = try TemporaryDirectory()
        let daemon = try start(
            in: directory, mounting: "mount -t tmpfs none /mnt",
            spoiling: "n=0; while [ -e /proc/$$/fd/$n ]; do n=$((n + 1)); done; prlimit --pid $$ --nofile=$n:$n; "
                + newRing,
            afterwards: "echo stored $(od -An -tu1 /mnt/ringid_1)")
        try spoil(daemon, directory)
        #expect(daemon.prints("The ring id was written over the old one in '/mnt/ringid_1'"))
        #expect(daemon.output.contains("Too many open files (24)). To do: raise the process's limit of open files"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
        let last = try #require(lastRing(daemon.output))
        #expect(daemon.prints("stored \(last) 0 0 0 0 0 0 0\n"))
    }

    /// ext4 makes itself read-only when its disk fails; what is open then cannot be written to any more.
    @Test func `A disk that becomes read-only ends the node with 21 and advice`() throws {
        let directory = try TemporaryDirectory()
        let daemon = try start(
            in: directory,
            mounting: "truncate -s 4M \(directory.path)/disk; mkfs.ext4 -q \(directory.path)/disk; "
                + "mount -o loop \(directory.path)/disk /mnt",
            spoiling: "mount -o remount,abort /mnt; \(newRing)", afterwards: "umount /mnt")
        try spoil(daemon, directory)
        #expect(daemon.exitCode() == 21)
        #expect(daemon.output.contains("Couldn't store new ring id "))
    }

    /// The sequence of the last ring the node has formed.
    func lastRing(_ output: String) -> Int? {
        output.split(separator: "\n").last { $0.contains("A new membership (1.") }
            .flatMap { line in line.split(separator: "(").last?.split(separator: ")").first }
            .flatMap { Int($0.dropFirst(2), radix: 16) }
    }
}
