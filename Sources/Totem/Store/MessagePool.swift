import TotemWire

/// Buffers for whole mcast datagrams, recycled so that a message in flight costs no allocation.
///
/// A released buffer is not reused before `recycle()`: the shell may still have to send it and the services may still
/// have to read it.
@usableFromInline
struct MessagePool: Sendable {
    @usableFromInline private(set) var buffers: [[UInt8]] = []
    private var free: [MessageHandle] = []
    private var released: [MessageHandle] = []
    /// Those of `free` that are larger than `retainedCapacity`.
    private var spareLarge = 0

    /// Of buffers larger than this only a few keep their memory when released, so that a burst of large frames is not kept.
    private static let retainedCapacity = 4096
    /// So many: what a token that goes round fast takes with it in the long frames of knet, 1 MiB.
    private static let retainedLarge = 16
    /// Spare buffers beyond this number give theirs back too: a ring at full speed needs some hundred.
    private static let retainedCount = 1024

    mutating func acquire() -> MessageHandle {
        if let handle = free.popLast() {
            if buffers[Int(handle.index)].capacity > Self.retainedCapacity { spareLarge -= 1 }
            return handle
        }
        buffers.append([])
        return MessageHandle(index: Int32(clamping: buffers.count - 1))
    }

    mutating func release(_ handle: MessageHandle) { released.append(handle) }

    /// Makes released buffers available again. Call only when nothing refers to them any more.
    mutating func recycle() {
        for handle in released {
            let index = Int(handle.index)
            let isLarge = buffers[index].capacity > Self.retainedCapacity
            if free.count >= Self.retainedCount || isLarge && spareLarge >= Self.retainedLarge {
                buffers[index] = []
            } else {
                buffers[index].removeAll(keepingCapacity: true)
                if isLarge { spareLarge += 1 }
            }
            free.append(handle)
        }
        released.removeAll(keepingCapacity: true)
    }

    @inlinable
    subscript(handle: MessageHandle) -> [UInt8] {
        _read { yield buffers[Int(handle.index)] }
        _modify { yield &buffers[Int(handle.index)] }
    }

    /// Messages held, for checks that nothing leaks.
    var inUse: Int { buffers.count - free.count - released.count }
}

/// The place of one message in the pool; only the ring hands these out and takes them back.
@usableFromInline
struct MessageHandle: Hashable, Sendable {
    @usableFromInline var index: Int32
}

/// Bytes inside the ring's buffers, shared without copying.
///
/// Do not keep it beyond the call that handles it: a buffer that is still shared has to be copied before it is reused.
public struct MessageBytes: Sendable {
    @usableFromInline let storage: [UInt8]
    @usableFromInline let range: Range<Int>

    @inlinable
    init(_ storage: [UInt8], _ range: Range<Int>) {
        self.storage = storage
        self.range = range.clamped(to: 0..<storage.count)
    }

    @inlinable
    public var count: Int { range.count }

    @inlinable
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { storage.span.extracting(range) }
    }
}

extension [UInt8] {
    /// Appends bytes; compiles to one block copy.
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }

    mutating func appendU16(_ value: UInt16) {
        let native = ByteOrder.native == .little ? value : value.byteSwapped
        append(UInt8(truncatingIfNeeded: native))
        append(UInt8(truncatingIfNeeded: native >> 8))
    }

    mutating func appendZeros(_ count: Int) { append(contentsOf: repeatElement(0, count: count)) }
}
