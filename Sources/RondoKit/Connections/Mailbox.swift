import Synchronization

/// Events between a connection and whoever iterates over them.
///
/// It is filled only when it is empty and somebody waits (`ServiceConnection.refill`), so it never holds more than one
/// batch.
final class Mailbox<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        var taken = 0
        var weight = 0
        var isEnded = false
        var failure: ClusterError?
    }

    enum Content {
        case event(Event)
        case nothing
        case ended
    }

    private let state = Mutex(State())

    /// - Parameter weight: Bytes the event holds.
    func put(_ event: Event, weight: Int = 0) {
        state.withLock { state in
            guard !state.isEnded else { return }
            state.events.append(event)
            state.weight += weight
        }
    }

    /// The next event. A failure is thrown once, after all that came before it.
    func take() throws(ClusterError) -> Content {
        let (content, failure): (Content, ClusterError?) = state.withLock { state in
            if state.taken < state.events.count {
                let event = state.events[state.taken]
                state.taken += 1
                if state.taken == state.events.count {
                    state.events.removeAll(keepingCapacity: state.taken <= 1024)
                    state.taken = 0
                    state.weight = 0
                }
                return (.event(event), nil)
            }
            guard state.isEnded else { return (.nothing, nil) }
            defer { state.failure = nil }
            return (.ended, state.failure)
        }
        if let failure { throw failure }
        return content
    }

    /// No event comes after this. What is there can still be taken unless it is discarded.
    func end(_ failure: ClusterError? = nil, discarding: Bool = false) {
        state.withLock { state in
            if discarding {
                state.events = []
                state.taken = 0
                state.failure = nil
            }
            guard !state.isEnded else { return }
            state.isEnded = true
            state.failure = failure
        }
    }

    /// Whether whoever waits has something to take.
    var isReady: Bool { state.withLock { !$0.events.isEmpty || $0.isEnded } }

    /// Bytes and number of the events waiting.
    var load: (weight: Int, count: Int) { state.withLock { ($0.weight, $0.events.count - $0.taken) } }
}
