/// Pieces of one knet packet in a row: 14 bytes of header, which differ in the piece's index only (spec: knet.md 2).
enum KnetPieces {
    static let headerSize = 14

    /// The length of each of several pieces that `bytes`, the captured ones of `total`, consist of; the last may be shorter.
    /// Nil where they are not several: wherever the next one has to begin stands the first one's header with the next
    /// index.
    static func length(_ bytes: Span<UInt8>, total: Int) -> Int? {
        guard bytes.count > 2 * headerSize, bytes[0] == 1, bytes[1] == 0, bytes[11] >= 2, bytes[12] >= 1 else {
            return nil
        }
        let most = Int(bytes[11]) - Int(bytes[12]) + 1
        for length in (headerSize + 1)...(bytes.count - headerSize) {
            let last = (total - 1) % length + 1
            guard length < total, (total - 1) / length < most, last > headerSize else { continue }
            if isEvery(length, bytes) { return length }
        }
        return nil
    }

    private static func isEvery(_ length: Int, _ bytes: Span<UInt8>) -> Bool {
        for (number, start) in stride(from: 0, through: bytes.count - headerSize, by: length).enumerated() {
            for index in 0..<headerSize {
                let expected = index == 12 ? Int(bytes[12]) + number : Int(bytes[index])
                guard Int(bytes[start + index]) == expected else { return false }
            }
        }
        return true
    }
}
