/// Some of a host's eight links.
public struct LinkSet: Sendable, Hashable {
    private var bits: UInt8

    public static let none = LinkSet(bits: 0)

    private init(bits: UInt8) { self.bits = bits }

    public init() { bits = 0 }

    public init(_ link: LinkNumber) { bits = 1 << link.rawValue }

    public var isEmpty: Bool { bits == 0 }
    public var count: Int { bits.nonzeroBitCount }
    /// The lowest number in it.
    public var first: LinkNumber? { isEmpty ? nil : LinkNumber(UInt8(bits.trailingZeroBitCount)) }

    public func contains(_ link: LinkNumber) -> Bool { bits & 1 << link.rawValue != 0 }

    public mutating func insert(_ link: LinkNumber) { bits |= 1 << link.rawValue }

    public mutating func remove(_ link: LinkNumber) { bits &= ~(1 << link.rawValue) }

    /// Takes the lowest one out.
    public mutating func popFirst() -> LinkNumber? {
        guard let link = first else { return nil }
        bits &= bits - 1
        return link
    }

    public func subtracting(_ other: LinkSet) -> LinkSet { LinkSet(bits: bits & ~other.bits) }

    /// Those above `link`.
    public func above(_ link: LinkNumber) -> LinkSet {
        LinkSet(bits: link.rawValue == 7 ? 0 : bits & (0xFF << (link.rawValue + 1)))
    }
}
