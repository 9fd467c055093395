import ClientProtocol

/// Messages a client has not had room for, in order, events and responses each for themselves.
struct WaitingMessages {
    private var events = MessageQueue()
    private var responses = MessageQueue()

    var isEmpty: Bool { events.isEmpty && responses.isEmpty }
    var bytes: Int { events.bytes + responses.bytes }
    var eventBytes: Int { events.bytes }
    var eventCount: Int { events.count }

    func contains(_ channel: ClientMessage.Channel) -> Bool {
        channel == .event ? !events.isEmpty : !responses.isEmpty
    }

    func first(_ channel: ClientMessage.Channel) -> [UInt8]? {
        channel == .event ? events.first : responses.first
    }

    mutating func append(_ bytes: [UInt8], _ channel: ClientMessage.Channel) {
        if channel == .event { events.append(bytes) } else { responses.append(bytes) }
    }

    mutating func removeFirst(_ channel: ClientMessage.Channel) {
        if channel == .event { events.removeFirst() } else { responses.removeFirst() }
    }

    mutating func removeAll() {
        events = MessageQueue()
        responses = MessageQueue()
    }
}

/// A queue that gives memory back as it drains.
struct MessageQueue {
    private var messages: [[UInt8]] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { messages.count - head }
    var isEmpty: Bool { count == 0 }
    var first: [UInt8]? { isEmpty ? nil : messages[head] }

    mutating func append(_ message: [UInt8]) {
        messages.append(message)
        bytes += message.count
    }

    mutating func removeFirst() {
        guard !isEmpty else { return }
        bytes -= messages[head].count
        messages[head] = []
        head += 1
        if head == messages.count || head >= 1024 {
            messages.removeFirst(head)
            head = 0
        }
    }
}
