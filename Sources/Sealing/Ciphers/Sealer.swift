import CSealing
import ClusterConfiguration
import Links

/// One key slot: seals packets and opens them (spec: knet.md 3).
///
/// Contexts with the expanded key are kept, so that a packet costs neither a key schedule nor, in this room, an allocation.
/// A value belongs to one thread at a time. The key itself is not kept; what comes of it is overwritten in `deinit`.
public struct Sealer: ~Copyable {
    public let suite: SealSuite
    private let seal: OpaquePointer

    /// Loads libcrypto when it is the first in the process.
    public init(_ suite: SealSuite, key: borrowing SecretKey) throws(SealingError) {
        var problem = RONDO_SEAL_OK
        // The key has `count` bytes while it is borrowed, and the callee keeps no reference to it.
        guard let seal = rondo_seal_new(suite.cipher.bits, suite.hash.rawValue, key.bytes, key.count, &problem) else {
            throw SealingError(problem, suite, keyLength: key.count)
        }
        self.suite = suite
        self.seal = seal
    }

    deinit { rondo_seal_free(seal) }

    /// What sealing adds.
    public var overhead: SealOverhead { suite.overhead }

    /// Writes the sealed image of a plain packet to the beginning of `image`, with a salt of its own.
    ///
    /// - Returns: the image's length: `overhead.sealedSize` of the plain packet's.
    @inline(__always)
    public mutating func seal(
        _ plain: Span<UInt8>, into image: inout MutableSpan<UInt8>
    ) throws(SealRefusal) -> Int {
        try seal(plain, salt: nil, into: &image)
    }

    /// The same with a given salt of 16 bytes: for comparison with recorded packets only.
    mutating func seal(
        _ plain: Span<UInt8>, salt: UnsafePointer<UInt8>?, into image: inout MutableSpan<UInt8>
    ) throws(SealRefusal) -> Int {
        // Two spans, one of them exclusive, do not overlap; both are valid for the call, which is told their lengths.
        let count = plain.withUnsafeBufferPointer { plain in
            image.withUnsafeMutableBufferPointer { image in
                rondo_seal(seal, salt, plain.baseAddress, plain.count, image.baseAddress, image.count)
            }
        }
        if count >= 0 { return Int(count) }
        switch count {
        case RONDO_SEAL_NO_ROOM.rawValue: throw .noRoom
        case RONDO_SEAL_NO_RANDOM.rawValue: throw .noRandom
        default: throw .failed
        }
    }

    /// Checks a received image and decrypts it in its place.
    ///
    /// - Returns: where in the datagram the plain packet now lies.
    /// - Throws: why not; but for `badPadding` the datagram is as it was, so that another slot can try.
    public mutating func open(_ datagram: inout MutableSpan<UInt8>) throws(OpenRefusal) -> Range<Int> {
        var start = 0
        // The span is exclusively ours for the call, which is told its length.
        let count = datagram.withUnsafeMutableBufferPointer { bytes in
            rondo_open(seal, bytes.baseAddress, bytes.count, &start)
        }
        if count >= 0 { return start..<(start + Int(count)) }
        switch count {
        case RONDO_OPEN_BAD_LENGTH.rawValue: throw .badLength
        case RONDO_OPEN_BAD_HASH.rawValue: throw .badHash
        case RONDO_OPEN_BAD_PADDING.rawValue: throw .badPadding
        default: throw .failed
        }
    }
}

extension SealSuite {
    /// What sealing adds to a packet.
    public var overhead: SealOverhead { SealOverhead(hasCipher: hasCipher, hashSize: hash.length) }
}

extension SealCipher {
    fileprivate var bits: Int32 { Int32(keyLength * 8) }
}
