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
