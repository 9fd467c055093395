import Glibc

/// Replacing a small file so that after a crash at any moment either the old or the new content is there.
enum AtomicFile {
    /// Writes `bytes` beside `name`, makes them durable, and renames them over it.
    ///
    /// The old content survives every failure, a full disk included. Nothing of a failed attempt stays behind.
    static func replace(
        _ name: String, in directory: FileDescriptor, with bytes: [UInt8], mode: mode_t
    ) throws(SystemFailure) {
        let temporary = name + ".new"
        try write(temporary, in: directory, bytes, mode: mode)
        guard renameat(directory.rawValue, temporary, directory.rawValue, name) == 0 else {
            let failure = SystemFailure("rename '\(temporary)' to '\(name)'")
            unlinkat(directory.rawValue, temporary, 0)
            throw failure
        }
        // Some file systems cannot sync a directory; the rename itself is done.
        guard fsync(directory.rawValue) == 0 || errno == EINVAL || errno == EROFS else {
            throw SystemFailure("fsync of the directory of '\(name)'")
        }
    }

    private static func write(
        _ name: String, in directory: FileDescriptor, _ bytes: [UInt8], mode: mode_t
    ) throws(SystemFailure) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let descriptor = openat(directory.rawValue, name, flags, mode)
        guard descriptor >= 0 else { throw SystemFailure("create '\(name)'") }
        let file = FileDescriptor(descriptor)
        var failure: SystemFailure?
        if fchmod(descriptor, mode) != 0 { failure = SystemFailure("set the mode of '\(name)'") }
        if failure == nil { failure = writeAll(bytes, to: file, name) }
        if failure == nil, fsync(descriptor) != 0 { failure = SystemFailure("fsync of '\(name)'") }
        guard let failure else { return }
        unlinkat(directory.rawValue, name, 0)
        throw failure
    }

    private static func writeAll(_ bytes: [UInt8], to file: FileDescriptor, _ name: String) -> SystemFailure? {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                // `done` is below the count, so the rest is inside the buffer.
                Glibc.write(file.rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                return SystemFailure("write '\(name)'", code: count == 0 ? ENOSPC : errno)
            }
        }
        return nil
    }
}
