import Glibc

/// An open file of a ring, as the server has named it: a regular file of somebody who may have made it.
struct RingFile: ~Copyable {
    /// A file, whatever its name means by now.
    struct Identity: Equatable {
        var path: String
        var device: dev_t
        var inode: ino_t

        /// Whether the name still means this file.
        var isThere: Bool {
            var state = stat()
            return lstat(path, &state) == 0 && state.st_dev == device && state.st_ino == inode
        }
    }

    let descriptor: Int32
    let identity: Identity
    let owner: uid_t
    /// Bytes.
    let size: Int
    var path: String { identity.path }

    init(_ path: String, owners: [uid_t]) throws(LocalClientError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let code = errno
            throw LocalClientError(errno: code, "open \(path): \(String(cString: strerror(code)))")
        }
        var state = stat()
        guard path.hasPrefix("/"), fstat(descriptor, &state) == 0, state.st_mode & S_IFMT == S_IFREG,
            owners.contains(state.st_uid)
        else {
            close(descriptor)
            throw LocalClientError(.access, "\(path) is no file of the daemon or of this user")
        }
        self.descriptor = descriptor
        identity = Identity(path: path, device: state.st_dev, inode: state.st_ino)
        owner = state.st_uid
        size = Int(state.st_size)
    }

    deinit { close(descriptor) }

    /// The first bytes, at most as many as there are in `bytes`.
    func readBeginning(into bytes: inout [UInt8]) -> [UInt8] {
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return Array(bytes.prefix(max(count, 0)))
    }
}

extension [RingFile.Identity] {
    /// Takes the files away that are still these, and their folders when nothing else is there: what a server does that has
    /// not died.
    func remove() {
        for file in self where file.isThere { unlink(file.path) }
        for folder in Set(compactMap { $0.path.lastIndex(of: "/").map($0.path.prefix(upTo:)) }) {
            rmdir(String(folder))
        }
    }
}
