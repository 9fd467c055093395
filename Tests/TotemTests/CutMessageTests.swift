import Testing
import TotemWire

@testable import Totem

@Suite("A message of which a part was sent before the ring changed")
struct CutMessageTests {
    /// What Corosync 3.1.7 does with the frames of one sender (spec: totem.md 13.3): behind a part whose beginning it
    /// has not, it throws everything away until a frame ends with a message.
    private struct CorosyncReceiver {
        private var buffer: [UInt8] = []
        private var lastFragment: UInt8 = 0
        private var throwsAway = false
        /// The first byte behind the group header, and the length, of every message given.
        private(set) var messages: [String] = []

        mutating func receive(_ frame: [UInt8]) {
            let fragmented = frame[McastHeader.size + 4]
            let continuation = frame[McastHeader.size + 5]
            let count = Int(frame[McastHeader.size + 6]) | Int(frame[McastHeader.size + 7]) << 8
            var position = McastHeader.size + 8 + 2 * count
            var parts: [[UInt8]] = []
            for index in 0..<count {
                let at = McastHeader.size + 8 + 2 * index
                let length = Int(frame[at]) | Int(frame[at + 1]) << 8
                parts.append(Array(frame[position..<(position + length)]))
                position += length
            }
            #expect(position == frame.count, "the parts fill the frame")
            if !throwsAway, continuation != lastFragment { throwsAway = true }
            let isWhole = !throwsAway
            if throwsAway {
                throwsAway = fragmented > 1
            } else {
                lastFragment = fragmented
            }
            for (index, part) in parts.enumerated() {
                buffer += part
                let isCut = index == count - 1 && fragmented != 0
                if isCut { break }
                if isWhole { messages.append("\(buffer[5]):\(buffer.count - 5)") }
                buffer = []
            }
            if fragmented == 0 {
                buffer = []
                lastFragment = 0
                throwsAway = false
            }
        }
    }

    /// Frames of messages of these lengths in an unbroken row, each message filled with its number; `sent` of them have
    /// left before the ring changed.
    private func frames(_ lengths: [Int], sent: Int) -> (before: [[UInt8]], after: [[UInt8]]) {
        var queues = SendQueues()
        var pool = MessagePool()
        var packer = Packer(frameSize: 1410)
        queues.awaitsAcknowledgement = false
        for (number, length) in lengths.enumerated() {
            let body = [UInt8](repeating: UInt8(number), count: length)
            packer.add(group: .services, body: body.span, pool: &pool, queue: &queues.active)
        }
        packer.flush(pool: &pool, queue: &queues.active)
        let before = (0..<sent).compactMap { _ in queues.popNext().map { pool[$0] } }
        queues.separateCutMessage(pool: &pool)
        var after: [[UInt8]] = []
        while let handle = queues.popNext() { after.append(pool[handle]) }
        return (before, after)
    }

    @Test(
        "A Corosync that came to the ring loses that message and no other; old members lose none",
        arguments: [
            [5000, 300, 3000, 20, 1000, 1000, 1000, 1000, 50_000, 100, 900],
            [900, 900, 900, 900, 900, 900, 900], [1, 1397, 1, 1400, 2800, 1390, 5, 7000], [20_000], [10, 10, 10],
        ])
    func newcomer(_ lengths: [Int]) {
        let expected = lengths.enumerated().map { "\($0.offset):\($0.element)" }
        let frameCount = frames(lengths, sent: 0).after.count
        for sent in 0...frameCount {
            let (before, after) = frames(lengths, sent: sent)
            var member = CorosyncReceiver()
            for frame in before { member.receive(frame) }
            let given = member.messages.count
            for frame in after { member.receive(frame) }
            #expect(member.messages == expected, "\(sent) frames sent before")

            var newcomer = CorosyncReceiver()
            for frame in after { newcomer.receive(frame) }
            let isCut = after.first.map { $0[McastHeader.size + 5] != 0 } ?? false
            #expect(newcomer.messages == Array(expected[(given + (isCut ? 1 : 0))...]), "\(sent) frames sent before")
        }
    }
}
