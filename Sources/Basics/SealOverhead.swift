/// What sealing adds to a datagram, all in bytes; nothing of it when the ring is clear (spec: knet.md 3).
///
/// The sealed image is salt, plain text filled up to whole blocks, hash. Filling adds at least one byte.
public struct SealOverhead: Sendable, Hashable {
    /// The cipher's block: 16, or 0 without a cipher.
    public var block: Int
    /// The random bytes in front: 16, or 0 without a cipher.
    public var salt: Int
    /// The authentication behind: 16 to 64, or 0 in a clear ring.
    public var hash: Int

    /// A clear ring.
    public static let none = SealOverhead(block: 0, salt: 0, hash: 0)

    public init(block: Int, salt: Int, hash: Int) {
        self.block = block
        self.salt = salt
        self.hash = hash
    }

    /// How long a plain text of this length is when it is sealed.
    @inlinable
    public func sealedLength(of plain: Int) -> Int {
        salt + (block > 0 ? (plain / block + 1) * block : plain) + hash
    }

    /// The longest plain text whose sealed image has at most this length; nil when not even an empty one fits.
    @inlinable
    public func longestPlain(within sealed: Int) -> Int? {
        let room = sealed - salt - hash
        if block > 0 { return room >= block ? room / block * block - 1 : nil }
        return room >= 0 ? room : nil
    }
}
