import Testing

@testable import LocalWire

/// A ring in memory that anybody may write to: what both sides read and write there, word by word.
struct SharedRing {
    var words: [UInt32]
    var writePosition: UInt32 = 0
    var readPosition: UInt32 = 0
    var announced = 0
    var reader: RingReader
    var writer: RingWriter

    init(words count: Int, largestMessage: Int) {
        words = Array(repeating: 0, count: count)
        reader = RingReader(words: count, largestMessage: largestMessage)
        writer = RingWriter(words: count, largestMessage: largestMessage)
    }

    /// - Returns: whether there was room.
    mutating func write(_ bytes: [UInt8]) throws(RingFault) -> Bool {
        guard let chunk = try writer.place(bytes.count, readPosition: readPosition) else { return false }
        words[chunk.lengthWord] = 0
        words[chunk.markWord] = RingMark.begun
        for (place, byte) in zip(Array(chunk.head) + Array(chunk.tail), bytes) { self[place] = byte }
        words[chunk.lengthWord] = UInt32(bytes.count)
        writer.advance(past: chunk)
        writePosition = chunk.next
        words[chunk.markWord] = RingMark.complete
        announced += 1
        return true
    }

    mutating func read() throws(RingFault) -> [UInt8]? {
        guard announced > 0 else { return nil }
        let mark = words[reader.markWord]
        let length = words[reader.lengthWord]
        let chunk = try reader.chunk(mark: mark, length: length, writePosition: writePosition)
        let bytes = (Array(chunk.head) + Array(chunk.tail)).map { self[$0] }
        words[chunk.lengthWord] = 0
        words[chunk.markWord] = RingMark.taken
        announced -= 1
        reader.advance(past: chunk)
        readPosition = chunk.next
        return bytes
    }

    subscript(byte: Int) -> UInt8 {
        get { UInt8(truncatingIfNeeded: words[byte / 4] >> (8 * UInt32(byte % 4))) }
        set {
            let shift = 8 * UInt32(byte % 4)
            words[byte / 4] = words[byte / 4] & ~(0xFF << shift) | UInt32(newValue) << shift
        }
    }
}

/// Messages through shared memory that the other side may change at any time (spec: ipc.md 3.2, 12).
struct RingTests {
    @Test func `Messages of every length come out as they went in, round and round`() throws {
        var ring = SharedRing(words: 64, largestMessage: 200)
        var sent = 0
        var next: [[UInt8]] = []
        for round in 0..<2000 {
            let message = (0..<(round * 37 % 201)).map { UInt8(truncatingIfNeeded: $0 &+ round) }
            while try !ring.write(message) { #expect(try ring.read() == next.removeFirst()) }
            next.append(message)
            sent += message.count
        }
        for message in next { #expect(try ring.read() == message) }
        #expect(try ring.read() == nil)
        #expect(sent > 100_000)
    }

    @Test func `The longest message has room in an empty ring, wherever that stands`() throws {
        let size = RingLayout.dataSize(largestMessage: 1_048_576, pageSize: 4096)
        #expect(size == 1_052_672)
        var writer = RingWriter(words: size / 4, largestMessage: 1_048_576)
        var position: UInt32 = 0
        for _ in 0..<50 {
            let chunk = try #require(try writer.place(1_048_576, readPosition: position))
            #expect(chunk.count == 1_048_576)
            #expect(chunk.head.upperBound <= size && chunk.tail.upperBound <= size)
            writer.advance(past: chunk)
            position = chunk.next
        }
    }

    @Test func `A message too long for the ring is none`() {
        let writer = RingWriter(words: 64, largestMessage: 200)
        #expect(throws: RingFault.length(201)) { try writer.place(201, readPosition: 0) }
        #expect(throws: RingFault.length(0)) { try writer.place(-1, readPosition: 0) }
    }

    @Test(arguments: [64, 65, UInt32.max, 1 << 31]) func `A position outside the ring is none`(position: UInt32) throws
    {
        var ring = SharedRing(words: 64, largestMessage: 200)
        #expect(try ring.write([1, 2, 3]))
        ring.writePosition = position
        #expect(throws: RingFault.position(position)) { try ring.read() }
        #expect(throws: RingFault.position(position)) { try ring.writer.place(8, readPosition: position) }
    }

    @Test(arguments: [9, 13, 200, 201, 256, UInt32.max, 1 << 31, UInt32.max - 3])
    func `A length beyond what was written is none`(length: UInt32) throws {
        var ring = SharedRing(words: 64, largestMessage: 200)
        #expect(try ring.write([1, 2, 3, 4, 5, 6, 7, 8]))
        ring.words[0] = length
        #expect(throws: RingFault.length(length)) { try ring.read() }
    }

    @Test func `What the semaphore announces and is not there is none`() throws {
        var ring = SharedRing(words: 64, largestMessage: 200)
        ring.announced = 1
        #expect(throws: RingFault.mark(0)) { try ring.read() }
        ring.announced = 0
        #expect(try ring.write([1]))
        #expect(try ring.read() == [1])
        ring.announced = 1
        // As it would look with an earlier payload there.
        ring.words[ring.reader.markWord] = RingMark.complete
        #expect(throws: RingFault.length(0)) { try ring.read() }
    }

    @Test func `Any words at all give a place inside the data`() {
        var state: UInt64 = 7
        func random() -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = UInt32(truncatingIfNeeded: state >> 33)
            return word % 3 == 0 ? word % 70 : word % 3 == 1 ? .max - word % 70 : word
        }
        var reader = RingReader(words: 64, largestMessage: 200)
        var writer = RingWriter(words: 64, largestMessage: 200)
        var found = 0
        for _ in 0..<100_000 {
            let length = random()
            for chunk in [
                try? reader.chunk(mark: RingMark.complete, length: length, writePosition: random()),
                try? writer.place(Int(length % 220), readPosition: random()),
            ] {
                guard let chunk else { continue }
                found += 1
                #expect(chunk.lengthWord < 64 && chunk.markWord < 64 && chunk.next < 64)
                #expect(chunk.head.upperBound <= 256 && chunk.tail.upperBound <= 256 && chunk.count <= 200)
                if random() % 2 == 0 { reader.advance(past: chunk) } else { writer.advance(past: chunk) }
            }
        }
        #expect(found > 1000)
    }
}
