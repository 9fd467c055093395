import ClusterConfiguration
import Sealing

/// The key of a ring that seals its packets: made for one run, and kept nowhere.
struct RingKey: Sendable {
    /// What `crypto_cipher` and `crypto_hash` say of the ring.
    static let suite = SealSuite(.aes256, .sha256)

    private let bytes: [UInt8]

    /// - Throws: `SealingError` when libcrypto cannot be used here.
    init() throws {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<128).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        _ = try sealer()
    }

    /// What one node seals and opens with.
    func sealer() throws -> Sealer { try Sealer(Self.suite, key: SecretKey(text: bytes)) }
}
