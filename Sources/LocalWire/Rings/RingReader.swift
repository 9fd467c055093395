/// The reading side of a ring that somebody else can write to.
///
/// It knows by itself where it is and how large the ring is; every word of the shared memory is read once, by its
/// caller, and handed over. Whatever they are, a chunk lies inside the data.
public struct RingReader: Sendable {
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

    /// The word in which the next chunk's length stands.
    public var lengthWord: Int { Int(position) }
    /// The word in which its mark stands.
    public var markWord: Int { Int((position &+ 1) % words) }

    /// The next chunk, which the semaphore has announced.
    ///
    /// - Parameters:
    ///   - mark: what stands in `markWord`.
    ///   - length: what stands in `lengthWord`, read after the mark.
    ///   - writePosition: what the header says.
    public func chunk(mark: UInt32, length: UInt32, writePosition: UInt32) throws(RingFault) -> RingChunk {
        guard mark == RingMark.complete else { throw .mark(mark) }
        guard writePosition < words else { throw .position(writePosition) }
        let written = writePosition >= position ? writePosition - position : words - position + writePosition
        guard length <= longest, RingChunk.words(length) <= written else { throw .length(length) }
        return RingChunk(at: position, length: length, words: words)
    }

    /// Goes on behind a chunk.
    public mutating func advance(past chunk: RingChunk) { position = chunk.next }
}
