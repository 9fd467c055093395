import CPosix
import Glibc
import Synchronization

/// The open ends that finished lines are written to.
///
/// The main thread opens and reopens files while another thread writes; the lock is held only to look a descriptor up,
/// never during a write.
final class LogTargets: Sendable {
    enum Target: Hashable, Sendable {
        case standardError
        case syslog
        /// An index into the opened files.
        case file(Int)
    }

    private struct OpenFile {
        var path: String
        var descriptor: FileDescriptor
    }

    private let files = Mutex<[OpenFile]>([])
    private let syslog = Mutex<FileDescriptor?>(nil)
    private let syslogPath: String

    init(syslogPath: String = "/dev/log") { self.syslogPath = syslogPath }

    /// Opens the log file at `path` for appending, or finds it among the open ones. Returns its index.
    func open(_ path: String) throws(SystemFailure) -> Int {
        if let index = files.withLock({ files in files.firstIndex { $0.path == path } }) { return index }
        let file = OpenFile(path: path, descriptor: try Self.openFile(path))
        return files.withLock { files in
            files.append(file)
            return files.count - 1
        }
    }

    /// Opens every log file anew, after they were moved away (`corosync-cfgtool -L`). One that cannot be opened keeps
    /// its old descriptor; the failures are returned.
    func reopen() -> [SystemFailure] {
        var failures: [SystemFailure] = []
        let paths = files.withLock { $0.map(\.path) }
        for (index, path) in paths.enumerated() {
            do {
                let descriptor = try Self.openFile(path)
                files.withLock { $0[index].descriptor = descriptor }
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    func write(_ bytes: ArraySlice<UInt8>, to target: Target) {
        switch target {
        case .standardError: Self.writeAll(bytes, STDERR_FILENO)
        case .file(let index):
            let file = files.withLock { $0.indices.contains(index) ? $0[index].descriptor : nil }
            if let file { Self.writeAll(bytes, file.rawValue) }
        case .syslog: sendToSyslog(bytes)
        }
    }

    private static func openFile(_ path: String) throws(SystemFailure) -> FileDescriptor {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw SystemFailure("open log file '\(path)'") }
        return FileDescriptor(descriptor)
    }

    /// A line that cannot be written is lost: there is nowhere to say so.
    private static func writeAll(_ bytes: ArraySlice<UInt8>, _ descriptor: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }

    private func sendToSyslog(_ bytes: ArraySlice<UInt8>) {
        // The system log may have been restarted since the last line: try once more with a new socket.
        for _ in 0..<2 {
            guard let socket = syslogSocket() else { return }
            let sent = bytes.withUnsafeBytes { send(socket.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent >= 0 { return }
            syslog.withLock { $0 = nil }
        }
    }

    private func syslogSocket() -> FileDescriptor? {
        syslog.withLock { socket in
            if socket == nil {
                let descriptor = rondo_connect_unix_datagram(syslogPath)
                if descriptor >= 0 { socket = FileDescriptor(descriptor) }
            }
            return socket
        }
    }
}
