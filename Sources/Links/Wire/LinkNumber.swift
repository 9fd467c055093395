/// Which of up to eight paths to a host, 0...7; both ends use the same number (spec: knet.md 1).
public struct LinkNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let rawValue: UInt8

    /// Links that a host can have.
    public static let limit = 8

    /// Nil for a number that no link has.
    @inlinable
    public init?(_ rawValue: UInt8) {
        guard rawValue < UInt8(LinkNumber.limit) else { return nil }
        self.rawValue = rawValue
    }

    @inlinable
    public static func < (a: LinkNumber, b: LinkNumber) -> Bool { a.rawValue < b.rawValue }

    /// Decimal, as libknet's log lines print it.
    public var description: String { String(rawValue) }
}
