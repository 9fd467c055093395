import CPosix
import Glibc

/// The file that holds the daemon's process id and, by a record lock, keeps a second instance from starting
/// (spec: daemon-and-tools.md 1.4).
final class LockFile {
    static let standard = "/var/run/corosync.pid"
    /// Used in the state directory when a user without rights in `/var/run` starts the daemon without `-l`.
    static let fallback = "rondod.pid"

    enum Failure: Error, Equatable {
        case held(path: String, by: Int32?)
        case system(SystemFailure)
    }

    let path: String
    private let file: FileDescriptor

    /// Takes the lock and writes the own process id. A file left behind by a crash is reused.
    init(_ path: String) throws(Failure) {
        self.path = path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system(SystemFailure("create lock file '\(path)'")) }
        file = FileDescriptor(descriptor)
        guard rondo_lock_file(descriptor) == 0 else {
            if rondo_is_lock_held(errno) != 0 { throw .held(path: path, by: Self.holder(file)) }
            throw .system(SystemFailure("lock '\(path)'"))
        }
        guard ftruncate(descriptor, 0) == 0 else { throw .system(SystemFailure("empty lock file '\(path)'")) }
        let text = Array("\(getpid())\n".utf8)
        guard write(descriptor, text, text.count) == text.count else {
            throw .system(SystemFailure("write lock file '\(path)'"))
        }
    }

    /// Takes the lock at `wanted`, or at the standard place; a user who may not write there gets one in the state
    /// directory, which is what two instances must not share.
    static func take(_ wanted: String?, in directory: StateDirectory) throws(Failure) -> LockFile {
        do {
            return try LockFile(wanted ?? standard)
        } catch .system(let failure) where wanted == nil && geteuid() != 0 && failure.code == EACCES {
            return try LockFile(directory.path + "/" + fallback)
        } catch {
            throw error
        }
    }

    /// Removes the file at the end of an orderly run. The lock itself goes with the process.
    func remove() { unlink(path) }

    private static func holder(_ file: FileDescriptor) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(file.rawValue, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let digits = bytes[0..<count].prefix { $0 >= 0x30 && $0 <= 0x39 }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
