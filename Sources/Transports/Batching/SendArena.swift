import Glibc

/// The bytes of the datagrams of one batch, one behind the other, at an address that stays while they are sent.
///
/// Grows to the largest batch and keeps its memory.
struct SendArena: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    private(set) var used = 0

    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { memory.deallocate() }

    /// Copies `bytes` in and returns where they lie.
    mutating func append(_ bytes: Span<UInt8>) -> Int {
        let offset = used
        if memory.count - used < bytes.count { grow(by: bytes.count) }
        bytes.withUnsafeBytes { source in
            // `grow` made room for all of `source` behind `used`.
            UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + source.count]).copyMemory(from: source)
        }
        used += bytes.count
        return offset
    }

    /// Makes room for `count` more bytes, which hold anything, and lends it out to be written; they lie at what was `used`
    /// before.
    @_lifetime(&self)
    mutating func extend(by count: Int) -> MutableSpan<UInt8> {
        if memory.count - used < count { grow(by: count) }
        let start = used
        used += count
        // Bytes have no invalid values; the range was just made sure of, and nobody else can reach it while `self` is lent.
        let room = UnsafeMutableRawBufferPointer(rebasing: memory[start..<used]).bindMemory(to: UInt8.self)
        return _overrideLifetime(room.mutableSpan, mutating: &self)
    }

    /// Gives back what lies behind the first `count` bytes.
    mutating func truncate(to count: Int) { used = min(used, max(count, 0)) }

    mutating func removeAll() { used = 0 }

    /// The address of a byte that `append` placed; valid until the next `append`.
    func address(of offset: Int) -> UnsafeMutableRawPointer? {
        memory.baseAddress.map { $0 + offset }
    }

    private mutating func grow(by count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(memory.count * 2, used + count), alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[0..<used]))
        memory.deallocate()
        memory = larger
    }
}
