/// The writing side of a ring whose reader can write to it too.
///
/// It knows by itself where it is and how large the ring is. Where the reader is, the reader says; a lie costs only what
/// it has not read.
public struct RingWriter: Sendable {
    private let words: UInt32
    private let longest: UInt32
    private var position: UInt32 = 0

    /// - Parameters:
    ///   - words: of the data; more than a chunk of the longest message has.
    ///   - largestMessage: bytes.
    public init(words: Int, largestMessage: Int) {
        self.words = UInt32(clamping: min(max(words, 4), RingLayout.mostWords))
        longest = UInt32(clamping: max(largestMessage, 0))
    }

    /// The place for a message; nil while there is none.
    ///
    /// - Parameters:
    ///   - length: bytes of the message.
    ///   - readPosition: what the header says.
    public func place(_ length: Int, readPosition: UInt32) throws(RingFault) -> RingChunk? {
        guard let length = UInt32(exactly: length), length <= longest else { throw .length(UInt32(clamping: length)) }
        guard readPosition < words else { throw .position(readPosition) }
        // The reader's side takes two equal positions for an empty ring, so one word always stays free.
        let free =
            readPosition == position
            ? words : readPosition > position ? readPosition - position - 1 : words - position + readPosition - 1
        guard Int(length) + RingLayout.chunkMargin <= Int(free) * RingLayout.wordSize else { return nil }
        return RingChunk(at: position, length: length, words: words)
    }

    /// Goes on behind a chunk.
    public mutating func advance(past chunk: RingChunk) { position = chunk.next }
}
