/// Appends fields to a reusable buffer, in this machine's byte order unless told otherwise.
///
/// The buffer is kept between packets (`removeAll`), so that writing costs no allocation once it has grown.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8]
    public var order: ByteOrder

    public init(capacity: Int = 0, order: ByteOrder = .native) {
        bytes = []
        bytes.reserveCapacity(capacity)
        self.order = order
    }

    public var count: Int { bytes.count }

    /// What has been written, to read without copying.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span }
    }

    /// Forgets the content, keeps the memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    public mutating func u8(_ value: UInt8) { bytes.append(value) }

    public mutating func u16(_ value: UInt16) {
        let little = order == .little ? value : value.byteSwapped
        bytes.append(addingCapacity: 2) { output in
            output.append(UInt8(truncatingIfNeeded: little))
            output.append(UInt8(truncatingIfNeeded: little >> 8))
        }
    }

    public mutating func u32(_ value: UInt32) {
        let little = order == .little ? value : value.byteSwapped
        bytes.append(addingCapacity: 4) { output in
            output.append(UInt8(truncatingIfNeeded: little))
            output.append(UInt8(truncatingIfNeeded: little >> 8))
            output.append(UInt8(truncatingIfNeeded: little >> 16))
            output.append(UInt8(truncatingIfNeeded: little >> 24))
        }
    }

    public mutating func u64(_ value: UInt64) {
        let first = UInt32(truncatingIfNeeded: order == .little ? value : value >> 32)
        let second = UInt32(truncatingIfNeeded: order == .little ? value >> 32 : value)
        u32(first)
        u32(second)
    }

    public mutating func i32(_ value: Int32) { u32(UInt32(bitPattern: value)) }

    public mutating func nodeID(_ value: NodeID) { u32(value.rawValue) }
    public mutating func sequenceNumber(_ value: SequenceNumber) { u32(value.rawValue) }

    public mutating func ringID(_ value: RingID) {
        nodeID(value.representative)
        u64(value.sequence)
    }

    public mutating func zeros(_ count: Int) {
        for _ in 0..<count { bytes.append(0) }
    }

    public mutating func bytes(_ span: Span<UInt8>) {
        bytes.append(addingCapacity: span.count) { output in
            for index in span.indices { output.append(span[index]) }
        }
    }

    public mutating func bytes(_ array: [UInt8]) { bytes.append(contentsOf: array) }
}
