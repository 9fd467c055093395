import Testing
import TotemWire

@testable import Totem

@Suite("Messages in frames")
struct PackerTests {
    /// One frame as a receiver finds it.
    private struct Read: Equatable {
        var fragmented: UInt8
        var continuation: UInt8
        var parts: [[UInt8]]

        init(_ bytes: [UInt8]) {
            fragmented = bytes[McastHeader.size + 4]
            continuation = bytes[McastHeader.size + 5]
            let count = Int(bytes[McastHeader.size + 6]) | Int(bytes[McastHeader.size + 7]) << 8
            var position = McastHeader.size + 8 + 2 * count
            parts = []
            for index in 0..<count {
                let at = McastHeader.size + 8 + 2 * index
                let length = Int(bytes[at]) | Int(bytes[at + 1]) << 8
                parts.append(Array(bytes[position..<(position + length)]))
                position += length
            }
            #expect(position == bytes.count, "the parts fill the frame")
        }
    }

    private func message(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number &* 31) }
    }

    private func frames(of sizes: [Int], frameSize: Int) -> [Read] {
        var packer = Packer(frameSize: frameSize)
        var pool = MessagePool()
        var queue = FIFO<MessageHandle>()
        for (number, size) in sizes.enumerated() {
            packer.add(whole: message(number, size).span, pool: &pool, queue: &queue)
        }
        packer.flush(pool: &pool, queue: &queue)
        var frames: [Read] = []
        while let handle = queue.popFirst() {
            #expect(pool[handle].count <= frameSize + McastHeader.size)
            frames.append(Read(pool[handle]))
        }
        return frames
    }

    @Test("a message that fills most of a long frame is not cut: each has one to itself, and is delivered as it came")
    func longFrames() {
        let frames = frames(of: [61_611, 61_611, 61_611], frameSize: 65_446)
        #expect(frames.map(\.parts.count) == [1, 1, 1])
        #expect(frames.allSatisfy { $0.fragmented == 0 && $0.continuation == 0 })
        #expect(frames.map { $0.parts[0] } == (0..<3).map { message($0, 61_611) })
    }

    @Test("where much is left of a frame a message is cut to fill it")
    func cut() {
        let frames = frames(of: [40_000, 40_000], frameSize: 65_446)
        #expect(frames.map(\.parts.count) == [2, 1])
        #expect(frames[0].fragmented != 0 && frames[1].continuation == frames[0].fragmented)
        #expect(frames[0].parts[1] + frames[1].parts[0] == message(1, 40_000))
    }

    @Test("small messages share frames")
    func shared() {
        #expect(frames(of: [Int](repeating: 100, count: 20), frameSize: 1402).map(\.parts.count) == [13, 7])
    }

    @Test(
        "put together again, all messages are what they were, in order, whatever their sizes",
        arguments: [1402, 9000, 65_446])
    func roundTrip(frameSize: Int) {
        var sizes: [Int] = []
        var state: UInt64 = 1
        for _ in 0..<400 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Some around the borders, some far below and far above.
            sizes.append(max(1, Int(state >> 33) % (state >> 60 < 8 ? 200 : 3 * frameSize)))
        }
        var messages: [[UInt8]] = []
        var rest: [UInt8] = []
        var mark: UInt8 = 0
        for frame in frames(of: sizes, frameSize: frameSize) {
            #expect(frame.continuation == mark)
            mark = frame.fragmented
            for (index, part) in frame.parts.enumerated() {
                rest += part
                if index == frame.parts.count - 1, frame.fragmented != 0 { break }
                messages.append(rest)
                rest = []
            }
        }
        #expect(messages == sizes.enumerated().map { message($0.offset, $0.element) })
    }

    @Test("a burst of large frames leaves little memory behind")
    func memory() {
        var pool = MessagePool()
        let handles = (0..<100).map { _ in
            let handle = pool.acquire()
            pool[handle].appendZeros(65_000)
            return handle
        }
        for handle in handles { pool.release(handle) }
        pool.recycle()
        #expect(pool.buffers.map(\.capacity).reduce(0, +) <= 16 * 70_000)
        // What was kept is counted right when it is used again and again.
        for _ in 0..<50 {
            let handle = pool.acquire()
            pool[handle].appendZeros(65_000)
            pool.release(handle)
            pool.recycle()
        }
        #expect(pool.buffers.map(\.capacity).reduce(0, +) <= 17 * 140_000)
    }
}
