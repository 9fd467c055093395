import ClusterConfiguration

@testable import Sealing

/// What tests do with a key slot, on arrays.
extension Sealer {
    static func make(_ suite: SealSuite, _ key: [UInt8] = Vectors.key) throws -> Sealer {
        try Sealer(suite, key: SecretKey(text: key))
    }

    mutating func image(of plain: [UInt8], salt: [UInt8]? = nil) throws -> [UInt8] {
        var image = [UInt8](repeating: 0xee, count: plain.count + 128)
        var room = image.mutableSpan
        let count =
            if let salt {
                try salt.withUnsafeBufferPointer { try seal(plain.span, salt: $0.baseAddress, into: &room) }
            } else {
                try seal(plain.span, into: &room)
            }
        return Array(image.prefix(count))
    }

    /// The plain packet, or why there is none; a refused image must be as it was.
    mutating func plain(of image: [UInt8]) -> Result<[UInt8], OpenRefusal> {
        var bytes = image
        var datagram = bytes.mutableSpan
        do {
            let range = try open(&datagram)
            return .success(Array(bytes[range]))
        } catch {
            return bytes == image || error == .badPadding ? .failure(error) : .failure(.failed)
        }
    }
}

/// A packet whose bytes tell their place.
func packet(_ length: Int, _ seed: Int = 0) -> [UInt8] {
    (0..<length).map { UInt8(truncatingIfNeeded: ($0 &* 131) ^ ($0 >> 3) ^ seed) }
}
