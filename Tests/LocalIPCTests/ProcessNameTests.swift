import Glibc
import Testing

@testable import LocalIPC

/// Names of client processes as statistics show them (spec: ipc.md 2.4).
@Suite struct ProcessNameTests {
    @Test(arguments: [
        ("17 (corosync-cmapct) S 1 17", "corosync-cmapct"), ("17 (a) b (c)) S 1", "a) b (c)"), ("17 () S", ""),
        ("17 no name", ""), (") backwards (", ""), ("", ""),
        ("17 (a-name-that-is-longer-than-31-bytes) S", "a-name-that-is-longer-than-31-b"),
    ])
    func theNameIsBetweenTheOutermostParentheses(content: String, name: String) {
        #expect(ProcessName.parse(Array(content.utf8)) == name)
    }

    @Test func aProcessThatHasGoneHasNoName() {
        #expect(ProcessName.of(-1) == "")
        #expect(ProcessName.of(getpid()) != "")
    }
}

/// What waits for clients that do not read.
@Suite struct MessageQueueTests {
    @Test func messagesLeaveInTheirOrderAndAreCounted() {
        var queue = MessageQueue()
        for number in 0..<5000 { queue.append([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 3)) }
        #expect((queue.count, queue.bytes) == (5000, 15000))
        for number in 0..<5000 {
            #expect(queue.first == [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 3))
            queue.removeFirst()
        }
        #expect(queue.isEmpty)
        #expect(queue.bytes == 0)
        queue.removeFirst()
        #expect(queue.first == nil)
    }
}
