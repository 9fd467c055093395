import CSealing
import ClusterConfiguration
import Glibc

/// Making a key file (spec: configuration.md 9.3).
public enum KeyFile {
    /// Why there is no key, and with which status a program ends that was to make it.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public var description: String
        /// As of corosync-keygen: 1 no random bytes, 2 cannot be created, 3 its mode, 4 writing, 5 closing.
        public var status: Int32
    }

    /// Writes a new key, which nobody but the file's owner may read. A file that is there is replaced at once and as a
    /// whole: whoever reads it has the old key or the new one.
    ///
    /// - Parameters:
    ///   - size: bytes, 128 to 4096.
    ///   - source: a descriptor to read the random bytes from; the kernel's generator without one.
    /// - Returns: whether there was a file already.
    @discardableResult
    public static func create(_ path: String, size: Int, from source: Int32? = nil) throws(Failure) -> Bool {
        guard KeyFileCheck.sizes.contains(size), let key = rondo_secret_new(size, 0) else {
            throw Failure(description: "There is no memory for a key of \(size) bytes", status: 1)
        }
        defer { rondo_secret_free(key, size) }
        // `key` has `size` bytes until it is freed above.
        if let source {
            try fill(key, size, from: source)
        } else if rondo_random(key, size) != 0 {
            throw Failure(description: "Could not get random bytes: \(SystemText.of(errno))", status: 1)
        }
        let target = resolved(path)
        let draft = target + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o400)
        guard descriptor >= 0 else {
            let remedy = errno == EEXIST ? "; remove it if no other program is making a key" : ""
            let name = errno == EEXIST ? draft : path
            throw Failure(description: "Could not create \(name): \(SystemText.of(errno))\(remedy)", status: 2)
        }
        let isReplaced = access(target, F_OK) == 0
        do throws(Failure) {
            try write(key, size, to: descriptor, path)
            guard rename(draft, target) == 0 else {
                throw Failure(description: "Could not create \(path): \(SystemText.of(errno))", status: 2)
            }
        } catch {
            unlink(draft)
            throw error
        }
        return isReplaced
    }

    /// Reads as many bytes as the key has.
    private static func fill(_ key: UnsafeMutablePointer<UInt8>, _ size: Int, from source: Int32) throws(Failure) {
        var count = 0
        while count < size {
            // What is read goes behind what is there, and not beyond the key's end.
            let more = read(source, key + count, size - count)
            if more < 0, errno == EINTR { continue }
            guard more > 0 else {
                let reason = more < 0 ? SystemText.of(errno) : "it ends after \(count) of \(size) bytes"
                throw Failure(description: "Could not read the random source: \(reason)", status: 1)
            }
            count += more
        }
    }

    /// Writes, stores and closes.
    private static func write(
        _ key: UnsafePointer<UInt8>, _ size: Int, to descriptor: Int32, _ path: String
    ) throws(Failure) {
        var failure: Failure?
        // Whatever the umask has left of it.
        if fchmod(descriptor, 0o400) != 0 {
            failure = Failure(
                description: "Failed to set key file permissions to 0400: \(SystemText.of(errno))", status: 3)
        } else {
            // A file takes so few bytes at once or, when its disk is full, not all of them.
            let count = Glibc.write(descriptor, key, size)
            if count != size || fsync(descriptor) != 0 {
                let reason = count >= 0 && count < size ? SystemText.of(ENOSPC) : SystemText.of(errno)
                failure = Failure(description: "Could not write \(path): \(reason)", status: 4)
            }
        }
        if close(descriptor) != 0, failure == nil {
            failure = Failure(description: "Could not close \(path): \(SystemText.of(errno))", status: 5)
        }
        if let failure { throw failure }
    }

    /// Where a symbolic link leads that is there already, so that the key replaces what the link is for.
    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }
}
