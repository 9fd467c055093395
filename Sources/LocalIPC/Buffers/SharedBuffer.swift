import CPosix
import ClientProtocol
import Glibc
import TotemWire

/// A file in which a client puts messages instead of sending them (spec: ipc.md 6.5).
///
/// It is mapped, so that it takes no descriptor. The client can write to it at any moment, and shorten it: what is read is
/// copied once, and once a page of it is gone all reads as zeros, of which no message is made.
struct SharedBuffer: ~Copyable {
    private let start: UnsafeMutableRawPointer
    /// Bytes of the mapping, whole pages.
    private let room: Int
    private let guardian: OpaquePointer
    /// Bytes of the buffer.
    let size: Int

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
        defer { close(file) }
        var state = stat()
        var address = address
        guard fstat(file, &state) == 0, state.st_mode & S_IFMT == S_IFREG, state.st_nlink == 1, state.st_uid == user,
            state.st_size >= size
        else { return nil }
        let page = sysconf(Int32(_SC_PAGESIZE))
        let room = (size + page - 1) / page * page
        guard let start = rondo_reserve_addresses(room) else { return nil }
        guard let guardian = rondo_guard_addresses(start, room) else {
            rondo_release_addresses(start, room)
            return nil
        }
        guard rondo_map_file(start, room, file) == 0,
            pwrite(file, &address, 8, off_t(CpgBufferRequest.addressOffset)) == 8, unlinkat(place, name, 0) == 0
        else {
            rondo_release_guard(guardian)
            rondo_release_addresses(start, room)
            return nil
        }
        self.start = start
        self.room = room
        self.guardian = guardian
        self.size = size
    }

    deinit {
        rondo_release_guard(guardian)
        rondo_release_addresses(start, room)
    }

    /// The message in the buffer now; nil when it is none.
    func message() -> [UInt8]? {
        let headerSize = CpgBufferRequest.payloadOffset - CpgBufferRequest.requestOffset
        guard let header = bytes(at: CpgBufferRequest.requestOffset, count: headerSize),
            let length = try? CpgBufferRequest.payloadLength(header: header.span),
            length <= size - CpgBufferRequest.payloadOffset
        else { return nil }
        return bytes(at: CpgBufferRequest.payloadOffset, count: length)
    }

    /// - Returns: nil when the client has shortened the file.
    private func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset + count <= size else { return nil }
        // Inside the mapping, whose lost pages are replaced while they are read (`rondo_guard_addresses`).
        let bytes = [UInt8](UnsafeRawBufferPointer(start: start + offset, count: count))
        return rondo_is_guard_broken(guardian) == 0 ? bytes : nil
    }

    private static func parts(of path: String) -> (folder: String, name: String)? {
        guard let folder = folders.first(where: { path.hasPrefix($0) }) else { return nil }
        let name = path.dropFirst(folder.count)
        return name.hasPrefix(prefix) && !name.contains("/") ? (folder, String(name)) : nil
    }
}
