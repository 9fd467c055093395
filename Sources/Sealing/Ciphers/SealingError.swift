import CSealing
import ClusterConfiguration

/// Why there is no sealing with a key.
public enum SealingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// libcrypto is not there or not usable, with what the loader says.
    case noLibrary(String)
    /// libcrypto has no such cipher or hash, or the machine's configuration of it forbids one of them.
    case unsupported(SealSuite)
    /// The kernel gives no memory or no random bytes.
    case noResources(String)
    /// The key is shorter than the cipher's.
    case shortKey(Int, SealSuite)

    public var description: String {
        switch self {
        case .noLibrary(let reason):
            "crypto: libcrypto.so.3 cannot be used: \(reason); install the package libssl3"
        case .unsupported(let suite):
            "crypto: libcrypto does not offer \(suite); see 'openssl list -digest-algorithms' and /etc/ssl/openssl.cnf, "
                + "or choose another crypto_cipher and crypto_hash on all nodes"
        case .noResources(let what): "crypto: no \(what) to be had from the system"
        case .shortKey(let count, let suite):
            "crypto: a key of \(count) bytes is too short for \(suite); make one for all nodes: rondo keygen"
        }
    }

    init(_ problem: rondo_seal_problem, _ suite: SealSuite, keyLength: Int) {
        switch problem {
        case RONDO_SEAL_NO_LIBRARY: self = .noLibrary(String(cString: rondo_crypto_failure()))
        case RONDO_SEAL_NO_MEMORY: self = .noResources("memory")
        case RONDO_SEAL_NO_RANDOM: self = .noResources("random bytes")
        case RONDO_SEAL_BAD_KEY: self = .shortKey(keyLength, suite)
        default: self = .unsupported(suite)
        }
    }
}

/// Why a plain packet has not been sealed; then nothing must be sent.
public enum SealRefusal: Error, Sendable, Hashable {
    /// It is longer than any datagram, or its image than the place for it.
    case noRoom
    /// The kernel gave no random bytes for the salt.
    case noRandom
    /// libcrypto refused.
    case failed
}

/// Why a received image has not been opened (spec: knet.md 3).
public enum OpenRefusal: Error, Sendable, Hashable {
    /// No sealed packet has this length.
    case badLength
    /// The hash is not that of the key: another key, or damaged, or forged.
    case badHash
    /// The hash is right and what it protects is not the cipher's. The datagram's bytes are lost.
    case badPadding
    /// libcrypto refused.
    case failed
}
