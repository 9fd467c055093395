import CQB
import ClientProtocol
import ClusterMap
import Glibc

/// One client connection, from libqb's created to its destroyed.
final class Connection {
    enum Transmission {
        case sent
        /// The client has not read enough.
        case full
        case failed(Int32)
    }

    let id: ConnectionID
    let identity: ConnectionIdentity
    let endpoint: ServiceEndpoint
    var invalidRequests: UInt64 = 0
    var overload: UInt64 = 0
    var waiting = WaitingMessages()
    /// What a client of the process groups shares.
    let buffers: SharedBuffers
    /// Since events began to wait.
    private(set) var queuedEvents: UInt32 = 0
    private(set) var sentEvents: UInt32 = 0
    /// Nil once libqb has destroyed it.
    private var handle: OpaquePointer?
    private var knownBufferSize: Int

    /// libqb's connection keeps one retained reference to the new object until its destroyed callback.
    ///
    /// - Parameter user: who connected, attested by the kernel.
    init(_ handle: OpaquePointer, id: ConnectionID, endpoint: ServiceEndpoint, user: UInt32) {
        buffers = SharedBuffers(user: user)
        self.handle = handle
        self.id = id
        self.endpoint = endpoint
        knownBufferSize = Int(qb_ipcs_connection_get_buffer_size(handle))
        var counters = qb_ipcs_connection_stats()
        qb_ipcs_connection_stats_get(handle, &counters, 0)
        identity = ConnectionIdentity(
            id: id, service: endpoint.service.rawValue, process: counters.client_pid,
            processName: ProcessName.of(counters.client_pid))
        qb_ipcs_context_set(handle, Unmanaged.passRetained(self).toOpaque())
    }

    /// Bytes of the largest message either way.
    var bufferSize: Int { knownBufferSize }

    func forgetHandle() { handle = nil }

    func disconnect() {
        guard let handle else { return }
        qb_ipcs_disconnect(handle)
    }

    func transmit(_ bytes: [UInt8], _ channel: ClientMessage.Channel) -> Transmission {
        guard let handle else { return .failed(ENOTCONN) }
        // libqb copies the bytes before it returns.
        let result =
            channel == .event
            ? qb_ipcs_event_send(handle, bytes, bytes.count) : qb_ipcs_response_send(handle, bytes, bytes.count)
        if result == bytes.count {
            if channel == .event { sentEvents &+= 1 }
            return .sent
        }
        let code = Int32(truncatingIfNeeded: -result)
        return code == EAGAIN || code == ETIMEDOUT || code == ENOBUFS ? .full : .failed(code)
    }

    func beginQueueing(_ channel: ClientMessage.Channel) {
        guard channel == .event else { return }
        queuedEvents = 0
        sentEvents = 0
    }

    func enqueue(_ bytes: [UInt8], _ channel: ClientMessage.Channel) {
        waiting.append(bytes, channel)
        if channel == .event { queuedEvents &+= 1 }
    }

    func endQueueing() {
        queuedEvents = 0
        sentEvents = 0
    }

    /// Sends what waits until the client has no room.
    ///
    /// - Returns: whether anything went out.
    func flush() -> Bool {
        var moved = false
        for channel in [ClientMessage.Channel.response, .event] {
            while let bytes = waiting.first(channel) {
                switch transmit(bytes, channel) {
                case .sent:
                    waiting.removeFirst(channel)
                    moved = true
                    continue
                case .full: break
                case .failed:
                    // The connection is ending; nothing of it will ever be read.
                    waiting.removeAll()
                }
                break
            }
        }
        return moved
    }

    func statistics() -> ConnectionStatistics {
        var statistics = ConnectionStatistics()
        if let handle {
            var counters = qb_ipcs_connection_stats()
            qb_ipcs_connection_stats_get(handle, &counters, 0)
            statistics.requests = counters.requests
            statistics.responses = counters.responses
            statistics.dispatched = counters.events
            statistics.sendRetries = counters.send_retries
            statistics.recvRetries = counters.recv_retries
            statistics.flowControl = UInt32(bitPattern: counters.flow_control_state)
            statistics.flowControlCount = counters.flow_control_count
        }
        statistics.queueing = waiting.eventCount > 0
        statistics.queued = queuedEvents
        statistics.sent = sentEvents
        statistics.invalidRequests = invalidRequests
        statistics.overload = overload
        return statistics
    }
}
