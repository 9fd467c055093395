import ClusterConfiguration
import Links
import Sealing

/// Datagrams that any key slot may be asked to open (spec: knet.md 3).
///
/// What nobody sealed is refused and stays as it came, so that another slot can try it; what was sealed is opened, and is
/// not with one bit of it turned over.
enum SealingTarget {
    /// The key of the captured packets in the corpus.
    private static let keyText = (0..<256).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }

    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        let suite = reader.pick(SealSuite.all)
        let turned = Int(reader.u16())
        // A machine may lack libcrypto, or forbid some of the suites.
        guard let key = try? SecretKey(text: keyText), var sealer = try? Sealer(suite, key: key) else { return }
        let bytes = reader.rest()
        try open(bytes, &sealer)
        try sealAndOpen(bytes, turned, &sealer)
    }

    private static func open(_ bytes: [UInt8], _ sealer: inout Sealer) throws(Finding) {
        switch opened(bytes, &sealer) {
        case .success(let plain):
            // An input may have been sealed with the key above, as those of the corpus are.
            try require(
                plain.count <= bytes.count, "\(sealer.suite): \(plain.count) bytes were opened of \(bytes.count)")
        case .failure(let finding): if let finding { throw finding }
        }
    }

    private static func sealAndOpen(_ bytes: [UInt8], _ turned: Int, _ sealer: inout Sealer) throws(Finding) {
        let size = sealer.overhead.sealedSize(bytes.count)
        var image = [UInt8](repeating: 0, count: size)
        var room = image.mutableSpan
        // Nothing is sealed that is longer than a datagram.
        guard let length = try? sealer.seal(bytes.span, into: &room) else { return }
        try require(length == size, "\(sealer.suite): \(bytes.count) bytes became \(length), not \(size)")
        guard case .success(let plain) = opened(image, &sealer), plain == bytes else {
            throw Finding("\(sealer.suite): \(bytes.count) bytes do not come out as they went in")
        }
        let bit = turned % (image.count * 8)
        image[bit / 8] ^= 1 << UInt8(bit % 8)
        if case .success = opened(image, &sealer) {
            throw Finding("\(sealer.suite): bit \(bit) of \(image.count) bytes was turned over, and nobody saw it")
        }
    }

    private enum Outcome {
        case success([UInt8])
        case failure(Finding?)
    }

    private static func opened(_ image: [UInt8], _ sealer: inout Sealer) -> Outcome {
        var bytes = image
        var datagram = bytes.mutableSpan
        do throws(OpenRefusal) {
            let range = try sealer.open(&datagram)
            guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
                return .failure(Finding("\(sealer.suite): \(range) of \(bytes.count) bytes"))
            }
            return .success(Array(bytes[range]))
        } catch {
            guard bytes == image || error == .badPadding else {
                return .failure(Finding("\(sealer.suite): a datagram that was refused is not as it came"))
            }
            return .failure(nil)
        }
    }
}
