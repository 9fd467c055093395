import Basics
import Links

/// Stands for a compression library: runs of one byte become shorter, everything else a little longer.
///
/// A control byte below 128 goes before one more byte than it says, taken as they are; any other stands before a byte that
/// is to be repeated as often as it says, less 125.
enum ToyCompressor {
    /// The model it is named after in packets and configurations.
    static let model = CompressionModel.lz4

    private static let longestLiteral = 128
    private static let shortestRun = 3
    private static let longestRun = 130

    static func compress(_ plain: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var literal: [UInt8] = []
        func flush() {
            guard !literal.isEmpty else { return }
            result.append(UInt8(literal.count - 1))
            result += literal
            literal.removeAll(keepingCapacity: true)
        }
        var index = 0
        while index < plain.count {
            var end = index + 1
            while end < plain.count, end - index < longestRun, plain[end] == plain[index] { end += 1 }
            if end - index >= shortestRun {
                flush()
                result.append(UInt8(end - index + longestLiteral - shortestRun))
                result.append(plain[index])
                index = end
            } else {
                literal.append(plain[index])
                if literal.count == longestLiteral { flush() }
                index += 1
            }
        }
        flush()
        return result
    }

    /// - Returns: nil where the bytes are not what `compress` makes of at most `limit` bytes.
    static func decompress(_ bytes: Span<UInt8>, limit: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let control = Int(bytes[index])
            index += 1
            if control < longestLiteral {
                guard index + control < bytes.count else { return nil }
                result.append(copying: bytes.extracting(index...(index + control)))
                index += control + 1
            } else {
                guard index < bytes.count else { return nil }
                let count = control - longestLiteral + shortestRun
                result.append(contentsOf: repeatElement(bytes[index], count: count))
                index += 1
            }
            guard result.count <= limit else { return nil }
        }
        return result
    }
}

extension KnetLinks {
    /// Compresses the packet that `send` has staged, and sends it, as the shell does.
    mutating func compressStaged(now: Instant) -> SendOutcome {
        let compressed = ToyCompressor.compress(uncompressed)
        return sendStaged(compressed.span, ToyCompressor.model, now: now)
    }
}
