/// The ciphers of knet, by their names in corosync.conf (spec: knet.md 3).
public enum SealCipher: String, Sendable, Hashable, CaseIterable {
    case none, aes128, aes192, aes256

    /// Bytes of the key that the cipher takes: the first of the configured key.
    public var keyLength: Int {
        switch self {
        case .none: 0
        case .aes128: 16
        case .aes192: 24
        case .aes256: 32
        }
    }
}

/// The hashes of knet, by their names in corosync.conf (spec: knet.md 3).
public enum SealHash: String, Sendable, Hashable, CaseIterable {
    case md5, sha1, sha256, sha384, sha512

    /// Bytes of the authentication behind each packet.
    public var length: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// How a ring seals: a hash always, a cipher or none.
public struct SealSuite: Sendable, Hashable, CustomStringConvertible {
    public var cipher: SealCipher
    public var hash: SealHash

    public init(_ cipher: SealCipher, _ hash: SealHash) {
        self.cipher = cipher
        self.hash = hash
    }

    /// All twenty.
    public static let all = SealCipher.allCases.flatMap { cipher in SealHash.allCases.map { SealSuite(cipher, $0) } }

    /// Whether the ring's packets are encrypted, not only authenticated.
    public var hasCipher: Bool { cipher != .none }

    /// As in `aes256/sha256`.
    public var description: String { "\(cipher.rawValue)/\(hash.rawValue)" }
}

extension CryptoSettings {
    /// What the settings ask for; nil in a clear ring. The names have been checked when the settings were read.
    public var suite: SealSuite? {
        guard let cipher = SealCipher(rawValue: cipher), let hash = SealHash(rawValue: hash) else { return nil }
        return SealSuite(cipher, hash)
    }
}
