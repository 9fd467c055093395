import ClientProtocol
import TotemWire

/// The buffers that one client shares, by the addresses it was told.
final class SharedBuffers {
    /// Bytes that one client may share at once. (libcpg's largest buffer has a mebibyte.)
    static let mostBytes = 64 << 20
    /// A smaller buffer counts as so many: each takes a mapping, of which a process may have some 65,000.
    static let leastCharge = 64 << 10
    /// Buffers of all clients.
    static let mostOfAll = 8192
    /// Bytes of all clients' buffers, from which on there are no more: what is read of them may be locked memory.
    static let mostBytesOfAll = 256 << 20

    private final class Entry {
        let address: UInt64
        let buffer: SharedBuffer

        init(_ address: UInt64, _ buffer: consuming SharedBuffer) {
            self.address = address
            self.buffer = buffer
        }
    }

    /// The client's, attested by the kernel.
    private let user: UInt32
    private var entries: [Entry] = []
    private var lastAddress: UInt64 = 0

    init(user: UInt32) { self.user = user }

    var count: Int { entries.count }

    /// What the buffers count for.
    var bytes: Int { entries.reduce(0) { $0 + max($1.buffer.size, Self.leastCharge) } }

    /// - Returns: whether there is a buffer now.
    func add(path: [UInt8], size: UInt64) -> Bool {
        guard max(Int(clamping: size), Self.leastCharge) <= Self.mostBytes - bytes else { return false }
        lastAddress += 1
        guard let buffer = SharedBuffer(path: path, size: size, user: user, address: lastAddress) else { return false }
        entries.append(Entry(lastAddress, buffer))
        return true
    }

    /// - Returns: whether there was one.
    func remove(_ address: UInt64) -> Bool {
        guard let place = entries.firstIndex(where: { $0.address == address }) else { return false }
        entries.remove(at: place)
        return true
    }

    /// The message in a buffer now; nil when there is no such buffer, or no message in it.
    func message(in address: UInt64) -> [UInt8]? { entries.first { $0.address == address }?.buffer.message() }
}
