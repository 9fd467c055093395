/// Datagrams under way. One copy serves all its destinations, and its memory the datagrams after it.
struct PacketSlab: Sendable {
    private var buffers: [[UInt8]] = []
    private var users: [Int32] = []
    private var free: [Int32] = []

    mutating func add(_ bytes: Span<UInt8>) -> Int32 {
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = Int32(clamping: buffers.count)
            buffers.append([])
            users.append(0)
        }
        buffers[Int(slot)].append(copying: bytes)
        users[Int(slot)] = 1
        return slot
    }

    /// Keeps a datagram for one more destination.
    ///
    /// - Parameter bit: the one that is turned over on the way there, from the lowest of the first byte.
    /// - Returns: the datagram that arrives: another one if it is altered.
    mutating func share(_ slot: Int32, turningOver bit: Int?) -> Int32 {
        guard let bit else {
            retain(slot)
            return slot
        }
        let whole = buffers[Int(slot)]
        let twin = add(whole.span)
        buffers[Int(twin)][bit / 8] ^= 1 << UInt8(bit % 8)
        return twin
    }

    mutating func retain(_ slot: Int32) { users[Int(slot)] += 1 }

    mutating func release(_ slot: Int32) {
        users[Int(slot)] -= 1
        guard users[Int(slot)] == 0 else { return }
        buffers[Int(slot)].removeAll(keepingCapacity: buffers[Int(slot)].capacity <= 2048)
        free.append(slot)
    }

    /// The bytes of a datagram; shared, not copied.
    subscript(slot: Int32) -> [UInt8] {
        _read { yield buffers[Int(slot)] }
        _modify { yield &buffers[Int(slot)] }
    }

    /// Datagrams under way.
    var count: Int { buffers.count - free.count }
}
