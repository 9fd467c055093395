import Glibc

/// Replacing a small file so that after a crash at any moment either the old or the new content is there.
enum AtomicFile {
    /// Writes `bytes` beside `name`, makes them durable, and renames them over it. After a power failure the name may
    /// still belong to the old file, until `syncNames`.
    ///
    /// The old content survives every failure, a full disk included. Nothing of a failed attempt stays behind.
    ///
    /// - Returns: the file that has the name now, open for reading and writing.
    static func replace(
        _ name: String, in directory: StateDirectory, with bytes: [UInt8], mode: mode_t
    ) throws(SystemFailure) -> FileDescriptor {
        let temporary = name + ".new"
        let folder = directory.descriptor.rawValue
        let file = try write(temporary, in: directory, bytes, mode: mode)
        guard renameat(folder, temporary, folder, name) == 0 else {
            let failure = SystemFailure("rename '\(directory.path(of: temporary))' to '\(name)'")
            unlinkat(folder, temporary, 0)
            throw failure
        }
        return file
    }

    /// Makes durable which file has which name.
    static func syncNames(in directory: StateDirectory) throws(SystemFailure) {
        // Some file systems cannot sync a directory.
        guard fsync(directory.descriptor.rawValue) == 0 || errno == EINVAL || errno == EROFS else {
            throw SystemFailure("fsync of '\(directory.path)'")
        }
    }

    private static func write(
        _ name: String, in directory: StateDirectory, _ bytes: [UInt8], mode: mode_t
    ) throws(SystemFailure) -> FileDescriptor {
        let path = directory.path(of: name)
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let descriptor = openat(directory.descriptor.rawValue, name, flags, mode)
        guard descriptor >= 0 else { throw SystemFailure("create '\(path)'") }
        let file = FileDescriptor(descriptor)
        do throws(SystemFailure) {
            guard fchmod(descriptor, mode) == 0 else { throw SystemFailure("set the mode of '\(path)'") }
            try file.write(bytes, path)
            return file
        } catch {
            unlinkat(directory.descriptor.rawValue, name, 0)
            throw error
        }
    }
}

extension FileDescriptor {
    /// Writes `bytes` over the beginning of the file and makes them durable.
    ///
    /// - Parameter path: for the error.
    func write(_ bytes: [UInt8], _ path: String) throws(SystemFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                // `done` is below the count, so the rest is inside the buffer.
                pwrite(rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(done))
            }
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw SystemFailure("write '\(path)'", code: count == 0 ? ENOSPC : errno)
            }
        }
        guard fdatasync(rawValue) == 0 else { throw SystemFailure("fdatasync of '\(path)'") }
    }
}
