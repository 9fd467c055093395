/// What sealing adds to a packet, in bytes (spec: knet.md 3, 9).
public struct SealOverhead: Sendable, Hashable {
    /// The cipher's block, to whose next multiple a packet is filled up, by at least one byte; 0 without a cipher.
    public let blockSize: Int
    /// Random bytes in front; 0 without a cipher.
    public let saltSize: Int
    /// The digest behind; 0 without a hash.
    public let hashSize: Int

    /// Nothing is sealed.
    public static let clear = SealOverhead(hasCipher: false, hashSize: 0)

    /// - Parameters:
    ///   - hasCipher: whether there is any of the AES ciphers, which are all alike in this.
    ///   - hashSize: bytes of a digest: 16 (md5), 20 (sha1), 32, 48 or 64 (sha256, sha384, sha512), 0 without.
    public init(hasCipher: Bool, hashSize: Int) {
        blockSize = hasCipher ? 16 : 0
        saltSize = hasCipher ? 16 : 0
        self.hashSize = min(max(hashSize, 0), 64)
    }

    /// Bytes of UDP payload that `plain` bytes become: wire(p) of the specification.
    @inlinable
    public func sealedSize(_ plain: Int) -> Int {
        plain + (blockSize > 0 ? blockSize - plain % blockSize : 0) + saltSize + hashSize
    }

    /// Bytes of the longest plain packet that fit into `payload` bytes of UDP payload; 0 when none does.
    ///
    /// With a cipher one byte less than a multiple of its block: the last byte is filled up in any case.
    @inlinable
    public func plainSize(_ payload: Int) -> Int {
        let room = payload - saltSize - hashSize
        return max(blockSize > 0 ? room - room % blockSize - 1 : room, 0)
    }

    /// Bytes of a ring's packet that one datagram of `payload` bytes of UDP payload carries: usable(x) of the
    /// specification. 0 when there is no room for any.
    @inlinable
    public func usable(_ payload: Int) -> Int { max(plainSize(payload) - LinkSizes.headerReserve, 0) }
}
