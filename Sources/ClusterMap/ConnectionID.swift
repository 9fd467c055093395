/// One client connection of the daemon's life: unique, never used again, and no address of anything.
public struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (a: ConnectionID, b: ConnectionID) -> Bool { a.rawValue < b.rawValue }

    /// `0x…`, the form in which statistics keys carry it (spec: configuration.md 8.2).
    public var description: String { "0x" + String(rawValue, radix: 16) }
}
