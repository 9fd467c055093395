import Basics

/// Appends fields to a reusable buffer, in this machine's byte order unless told otherwise.
///
/// The buffer is kept between packets (`removeAll`), so that writing costs no allocation once it has grown.
public struct ByteWriter: Sendable {
    @usableFromInline var storage: [UInt8]
    public var order: ByteOrder

    /// What has been written.
    @inlinable
    public var bytes: [UInt8] { storage }

    public init(capacity: Int = 0, order: ByteOrder = .native) {
        storage = []
        storage.reserveCapacity(capacity)
        self.order = order
    }

    @inlinable
    public var count: Int { storage.count }

    /// What has been written, to read without copying.
    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span }
    }

    /// Forgets the content, keeps the memory.
    @inlinable
    public mutating func removeAll() { storage.removeAll(keepingCapacity: true) }

    @inlinable
    public mutating func u8(_ value: UInt8) { storage.append(value) }

    @inlinable
    public mutating func u16(_ value: UInt16) {
        let little = order == .little ? value : value.byteSwapped
        storage.append(addingCapacity: 2) { output in
            output.append(UInt8(truncatingIfNeeded: little))
            output.append(UInt8(truncatingIfNeeded: little >> 8))
        }
    }

    @inlinable
    public mutating func u32(_ value: UInt32) {
        let little = order == .little ? value : value.byteSwapped
        storage.append(addingCapacity: 4) { output in
            output.append(UInt8(truncatingIfNeeded: little))
            output.append(UInt8(truncatingIfNeeded: little >> 8))
            output.append(UInt8(truncatingIfNeeded: little >> 16))
            output.append(UInt8(truncatingIfNeeded: little >> 24))
        }
    }

    @inlinable
    public mutating func u64(_ value: UInt64) {
        let little = order == .little ? value : value.byteSwapped
        storage.append(addingCapacity: 8) { output in
            for shift in 0..<8 { output.append(UInt8(truncatingIfNeeded: little >> (8 * UInt64(shift)))) }
        }
    }

    /// A 32-bit number in eight bytes, the last four of them zero.
    @inlinable
    public mutating func slot32(_ value: UInt32) {
        u64(order == .little ? UInt64(value) : UInt64(value) << 32)
    }

    @inlinable
    public mutating func i32(_ value: Int32) { u32(UInt32(bitPattern: value)) }

    @inlinable
    public mutating func nodeID(_ value: NodeID) { u32(value.rawValue) }

    @inlinable
    public mutating func sequenceNumber(_ value: SequenceNumber) { u32(value.rawValue) }

    @inlinable
    public mutating func ringID(_ value: RingID) {
        nodeID(value.representative)
        u64(value.sequence)
    }

    @inlinable
    public mutating func zeros(_ count: Int) {
        guard count > 0 else { return }
        storage.append(addingCapacity: count) { output in output.append(repeating: 0, count: count) }
    }

    @inlinable
    public mutating func bytes(_ span: Span<UInt8>) {
        storage.append(addingCapacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }

    @inlinable
    public mutating func bytes(_ array: [UInt8]) { storage.append(contentsOf: array) }

    /// Gives away what has been written, without copying it, and begins anew.
    @inlinable
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &storage)
        return taken
    }

    /// Makes room for `count` bytes in all.
    @inlinable
    public mutating func reserve(_ count: Int) { storage.reserveCapacity(count) }
}
