/// Where things lie in a ring's two files: a header, and the data, an array of words of 32 bits that is used in a circle
/// (spec: ipc.md 3.2).
///
/// Clients' libraries map both, so these are facts of theirs.
public enum RingLayout {
    /// Bytes of a word: positions and sizes in the header count words.
    public static let wordSize = 4
    /// The next word to be written.
    public static let writePositionOffset = 0
    /// The next word to be read.
    public static let readPositionOffset = 4
    /// How many words there are.
    public static let wordCountOffset = 8
    public static let headerPathOffset = 12
    public static let dataPathOffset = headerPathOffset + pathSize
    /// Processes that use the ring: a library takes another number than two for the end of its connection.
    public static let userCountOffset = dataPathOffset + pathSize
    /// A POSIX semaphore that counts chunks.
    public static let semaphoreOffset = userCountOffset + 4
    public static let semaphoreSize = 32
    /// In the ring of requests: whether its client is to hold back (spec: ipc.md 2.6).
    public static let flowControlOffset = semaphoreOffset + semaphoreSize
    /// With the room that compilers leave behind the semaphore.
    public static let headerSize = 8252
    /// More words than any ring has.
    static let mostWords = 1 << 28
    /// A path ends with a zero byte inside this room.
    public static let pathSize = 4096

    /// Words before a chunk's payload: its length in bytes, and its mark.
    static let chunkHeaderWords: UInt32 = 2
    /// Bytes that must be free beyond a payload.
    static let chunkMargin = 12

    /// Bytes of the data file of a ring that carries messages of so many bytes.
    public static func dataSize(largestMessage: Int, pageSize: Int) -> Int {
        (largestMessage + chunkMargin + pageSize) / pageSize * pageSize
    }
}

/// What stands in the second word of a chunk.
public enum RingMark {
    /// Its writer is at work on it.
    public static let begun: UInt32 = 0xA110_CED0
    /// It can be read.
    public static let complete: UInt32 = 0xA1A1_A1A1
    /// It has been read.
    public static let taken: UInt32 = 0xD0D0_D0D0
}

/// The place of one message in a ring's data.
public struct RingChunk: Sendable, Equatable {
    /// The word of its length.
    public let lengthWord: Int
    /// The word of its mark.
    public let markWord: Int
    /// Bytes of the payload up to the end of the data, and those that go on at its beginning.
    public let head: Range<Int>
    public let tail: Range<Int>
    /// The word behind it.
    public let next: UInt32

    /// - Parameters:
    ///   - position: below `words`.
    ///   - length: bytes of the payload, which has room in the ring.
    init(at position: UInt32, length: UInt32, words: UInt32) {
        lengthWord = Int(position)
        markWord = Int((position &+ 1) % words)
        let first = Int((position &+ RingLayout.chunkHeaderWords) % words) * RingLayout.wordSize
        let untilEnd = min(Int(length), Int(words) * RingLayout.wordSize - first)
        head = first..<(first + untilEnd)
        tail = 0..<(Int(length) - untilEnd)
        next = (position &+ Self.words(length)) % words
    }

    /// Bytes of the payload.
    public var count: Int { head.count + tail.count }

    /// Words of a chunk with a payload of so many bytes.
    static func words(_ length: UInt32) -> UInt32 {
        RingLayout.chunkHeaderWords &+ length / 4 &+ (length % 4 > 0 ? 1 : 0)
    }
}

/// Why a ring cannot be what a client's library has made of it.
public enum RingFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A position lies outside the ring.
    case position(UInt32)
    /// A chunk that was announced has another mark.
    case mark(UInt32)
    /// A chunk is longer than what was written, or than the longest message.
    case length(UInt32)

    public var description: String {
        switch self {
        case .position(let word): "position \(word) is none"
        case .mark(let word): "a message is marked with \(word)"
        case .length(let bytes): "a message of \(bytes) bytes cannot be there"
        }
    }
}
