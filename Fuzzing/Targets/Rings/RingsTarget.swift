import LocalWire

/// A ring in memory that somebody else changes between any two reads of it (spec: ipc.md 3.2, 12).
///
/// Whatever stands there, what the reader and the writer are told to touch lies inside it; and as long as nobody has
/// meddled, messages come out as they went in.
enum RingsTarget {
    private static let wordCount = 64
    private static let longest = 200

    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        var ring = HostileRing()
        while !reader.isAtEnd {
            switch reader.below(4) {
            case 0: try ring.write(reader.string(), &reader)
            case 1, 2: try ring.read(&reader)
            default: ring.meddle(&reader)
            }
        }
    }

    /// The memory, and both sides of it.
    private struct HostileRing {
        private var words = [UInt32](repeating: 0, count: wordCount)
        private var writePosition: UInt32 = 0
        private var readPosition: UInt32 = 0
        private var announced: UInt32 = 0
        private var ring = RingReader(words: wordCount, largestMessage: longest)
        private var writer = RingWriter(words: wordCount, largestMessage: longest)
        private var isHonest = true
        private var sent: [[UInt8]] = []

        mutating func write(_ bytes: [UInt8], _ input: inout InputReader) throws(Finding) {
            guard let chunk = try? writer.place(bytes.count, readPosition: meddled(readPosition, &input)) else {
                return
            }
            try check(chunk)
            try require(chunk.count == bytes.count, "a place of \(chunk.count) bytes for \(bytes.count)")
            words[chunk.lengthWord] = 0
            words[chunk.markWord] = RingMark.begun
            for (place, byte) in zip(Array(chunk.head) + Array(chunk.tail), bytes) { put(byte, place) }
            words[chunk.lengthWord] = UInt32(bytes.count)
            writer.advance(past: chunk)
            writePosition = chunk.next
            words[chunk.markWord] = RingMark.complete
            announced &+= 1
            sent.append(bytes)
        }

        mutating func read(_ input: inout InputReader) throws(Finding) {
            guard meddled(announced, &input) > 0 else { return }
            let mark = meddled(words[ring.markWord], &input)
            let length = meddled(words[ring.lengthWord], &input)
            let position = meddled(writePosition, &input)
            guard let chunk = try? ring.chunk(mark: mark, length: length, writePosition: position) else {
                try require(!isHonest, "an honest message is refused")
                return
            }
            try check(chunk)
            let bytes = (Array(chunk.head) + Array(chunk.tail)).map(byte)
            if isHonest { try require(bytes == sent.first, "a message comes out as another") }
            if !sent.isEmpty { sent.removeFirst() }
            words[chunk.lengthWord] = 0
            words[chunk.markWord] = RingMark.taken
            announced &-= 1
            ring.advance(past: chunk)
            readPosition = chunk.next
        }

        /// Changes any word.
        mutating func meddle(_ input: inout InputReader) {
            isHonest = false
            let value = Bool(input.u8() & 1 == 0) ? input.number() : RingMark.complete
            switch input.below(wordCount + 3) {
            case wordCount: writePosition = value
            case wordCount + 1: readPosition = value
            case wordCount + 2: announced = value
            case let word: words[word] = value
            }
        }

        /// A word as it is, or as it has just become.
        private mutating func meddled(_ word: UInt32, _ input: inout InputReader) -> UInt32 {
            guard input.u8() > 0xE0 else { return word }
            isHonest = false
            return input.number()
        }

        private func check(_ chunk: RingChunk) throws(Finding) {
            let size = wordCount * RingLayout.wordSize
            try require(
                chunk.lengthWord < wordCount && chunk.markWord < wordCount && chunk.next < UInt32(wordCount)
                    && chunk.head.upperBound <= size && chunk.tail.upperBound <= size && chunk.count <= longest,
                "a message outside the ring: \(chunk)")
        }

        private func byte(_ place: Int) -> UInt8 {
            UInt8(truncatingIfNeeded: words[place / 4] >> (8 * UInt32(place % 4)))
        }

        private mutating func put(_ byte: UInt8, _ place: Int) {
            let shift = 8 * UInt32(place % 4)
            words[place / 4] = words[place / 4] & ~(0xFF << shift) | UInt32(byte) << shift
        }
    }
}
