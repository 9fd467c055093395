/// Frames waiting for the token: ordinary ones, and those queued between a configuration change and the end of its
/// synchronisation, which go first (spec: totem.md 13.5).
struct SendQueues: Sendable {
    var ordinary = FIFO<MessageHandle>()
    private var transitional = FIFO<MessageHandle>()
    /// Synchronisation is not finished: only what has been queued since the change is sent.
    var awaitsAcknowledgement = true
    /// Nodes have come since ordinary messages were sent last: they have no beginning of any of them.
    var hasNewcomers = false

    /// The queue that new frames go to.
    var active: FIFO<MessageHandle> {
        _read {
            if awaitsAcknowledgement { yield transitional } else { yield ordinary }
        }
        _modify {
            if awaitsAcknowledgement { yield &transitional } else { yield &ordinary }
        }
    }

    /// Frames in the queue that new ones go to.
    var activeCount: Int { awaitsAcknowledgement ? transitional.count : ordinary.count }

    /// Frames that the next token may take along.
    var sendable: Int { transitional.count + (awaitsAcknowledgement ? 0 : ordinary.count) }

    /// Frames in both queues.
    var count: Int { transitional.count + ordinary.count }

    mutating func popNext() -> MessageHandle? {
        if let handle = transitional.popFirst() { return handle }
        return awaitsAcknowledgement ? nil : ordinary.popFirst()
    }
}
