import ClientProtocol
import Glibc
import TotemWire

/// A file in which a client puts messages instead of sending them (spec: ipc.md 6.5).
///
/// It is read, never mapped: whatever the client does to it meanwhile, a read returns bytes or an error.
struct SharedBuffer: ~Copyable {
    private let descriptor: Int32
    private let size: Int

    private static let folders = ["/dev/shm/", "/var/run/"]
    private static let prefix = "corosync_zerocopy-"

    /// Opens what a client offers and takes its name away, as libcpg expects.
    ///
    /// The name can be anything, so only a regular file with the library's name, in one of its folders, with one name
    /// and the client's own, is touched.
    ///
    /// - Parameters:
    ///   - user: the client's, attested by the kernel.
    ///   - address: what the client is to name it by from now on; it is written into the buffer.
    init?(path: [UInt8], size: UInt64, user: UInt32, address: UInt64) {
        guard let size = Int(exactly: size), size >= CpgBufferRequest.payloadOffset,
            size <= CpgBufferRequest.payloadOffset + CpgBufferRequest.longestPayload,
            let (folder, name) = Self.parts(of: String(decoding: path, as: UTF8.self))
        else { return nil }
        let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { return nil }
        defer { close(place) }
        let file = openat(place, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        var state = stat()
        var address = address
        guard fstat(file, &state) == 0, state.st_mode & S_IFMT == S_IFREG, state.st_nlink == 1, state.st_uid == user,
            state.st_size >= size,
            pwrite(file, &address, 8, off_t(CpgBufferRequest.addressOffset)) == 8, unlinkat(place, name, 0) == 0
        else {
            close(file)
            return nil
        }
        descriptor = file
        self.size = size
    }

    deinit { close(descriptor) }

    /// The message in the buffer now; nil when it is none.
    func message() -> [UInt8]? {
        let headerSize = CpgBufferRequest.payloadOffset - CpgBufferRequest.requestOffset
        guard let header = bytes(at: CpgBufferRequest.requestOffset, count: headerSize),
            let length = try? CpgBufferRequest.payloadLength(header: header.span),
            length <= size - CpgBufferRequest.payloadOffset
        else { return nil }
        return bytes(at: CpgBufferRequest.payloadOffset, count: length)
    }

    private func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
    }

    private static func parts(of path: String) -> (folder: String, name: String)? {
        guard let folder = folders.first(where: { path.hasPrefix($0) }) else { return nil }
        let name = path.dropFirst(folder.count)
        return name.hasPrefix(prefix) && !name.contains("/") ? (folder, String(name)) : nil
    }
}
