/// A message or token sequence number, which counts on through 2³² − 1 to 0.
///
/// Comparison is the ring's own (spec: totem.md 5.5): near the wrap both numbers are shifted down by 0x10000 first, so
/// that 0 … 0xffff count as greater than 0xffff0000 … 0xffffffff. It is an order only over windows far smaller than
/// 2³¹, which the ring guarantees; therefore `SequenceNumber` is deliberately not `Comparable`.
public struct SequenceNumber: Hashable, Sendable, CustomStringConvertible {
    public var rawValue: UInt32

    @inlinable
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    @inlinable
    public static var zero: SequenceNumber { SequenceNumber(0) }

    @inlinable
    public func isLess(than other: SequenceNumber) -> Bool {
        if rawValue > 0x8000_0000 || other.rawValue > 0x8000_0000 {
            return (rawValue &- 0x10000) < (other.rawValue &- 0x10000)
        }
        return rawValue < other.rawValue
    }

    @inlinable
    public func isLessOrEqual(to other: SequenceNumber) -> Bool {
        self == other || isLess(than: other)
    }

    /// The number `distance` further on, wrapping.
    @inlinable
    public func advanced(by distance: UInt32) -> SequenceNumber { SequenceNumber(rawValue &+ distance) }

    /// How far `self` lies beyond `other`, modulo 2³².
    @inlinable
    public func distance(from other: SequenceNumber) -> UInt32 { rawValue &- other.rawValue }

    @inlinable
    public var next: SequenceNumber { advanced(by: 1) }

    /// Lower-case hexadecimal, as retransmit lists are logged.
    public var description: String { String(rawValue, radix: 16) }
}
