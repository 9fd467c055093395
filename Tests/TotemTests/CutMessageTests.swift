import Testing
import TotemWire

@testable import Totem

@Suite("A message of which a part was sent before the ring changed")
struct CutMessageTests {
    /// What Corosync 3.1.7 does with the frames of one sender (spec: totem.md 13.3): behind a part whose beginning it
    /// has not, it throws everything away until a frame ends with a message.
    private struct CorosyncReceiver {
        private(set) var buffer: [UInt8] = []
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
    /// left before the ring changed and nodes came.
    private func frames(_ lengths: [Int], sent: Int) -> (before: [[UInt8]], after: [[UInt8]]) {
        var queues = SendQueues(frameSize: 1410)
        var pool = MessagePool()
        queues.acknowledge(bringing: nil, frameSize: 1410, pool: &pool)
        for (number, length) in lengths.enumerated() {
            let body = [UInt8](repeating: UInt8(number), count: length)
            queues.add(body.span, group: .services, pool: &pool)
        }
        queues.flush(pool: &pool)
        let before = (0..<sent).compactMap { _ in queues.popNext().map { pool[$0] } }
        var sender = CorosyncReceiver()
        for frame in before { sender.receive(frame) }
        queues.changeConfiguration(hasNewcomers: true, pool: &pool)
        let isCut = queues.takeOpenMark(in: pool) != nil
        queues.acknowledge(bringing: isCut ? sender.buffer : nil, frameSize: 1410, pool: &pool)
        var after: [[UInt8]] = []
        while let handle = queues.popNext() { after.append(pool[handle]) }
        return (before, after)
    }

    @Test(
        "Whoever came to the ring gets it, Corosync too, and everything behind it; old members get each message once",
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
            #expect(after.allSatisfy { $0.count <= McastHeader.size + 1410 })

            var newcomer = CorosyncReceiver()
            for frame in after { newcomer.receive(frame) }
            #expect(newcomer.messages == Array(expected[given...]), "\(sent) frames sent before")
        }
    }

    @Test("A ring to which a node comes in the middle of a large message gives it to all, the node included")
    func ring() {
        var network = PerfectNetwork(nodes: 3)
        network.start(0)
        network.start(1)
        network.run(milliseconds: 2000)
        let large = String(repeating: "x", count: 500_000)
        for message in [large, "behind it"] {
            let isAccepted = network.send(0, message)
            #expect(isAccepted)
        }
        network.run(milliseconds: 2)
        #expect(network.messages == [[], [], []], "half of it is sent")
        network.start(2)
        network.run(milliseconds: 5000)
        #expect(network.rings.allSatisfy { $0.members.count == 3 })
        for node in 0..<3 { #expect(network.messages[node].map(\.count) == [500_000, 9], "node \(node + 1)") }
    }
}
