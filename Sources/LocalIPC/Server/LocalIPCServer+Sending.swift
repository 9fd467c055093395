import Basics
import ClientProtocol
import Glibc
import LocalWire

extension LocalIPCServer {
    private static let shortestDelay: UInt32 = 1
    private static let longestDelay: UInt32 = 50

    /// Sends, or lets the message wait behind those that wait already.
    func send(_ bytes: [UInt8], _ channel: ClientMessage.Channel, to connection: Connection) {
        guard !connection.isGivenUp else { return }
        guard bytes.count <= connection.bufferSize else {
            host.log(
                LogLine(
                    .error, .main,
                    "A message of \(bytes.count) bytes does not fit the buffer of \(connection.bufferSize) bytes of "
                        + "\(connection.client) and is dropped",
                    kind: .client(connection.identity.process)))
            return
        }
        if !connection.waiting.contains(channel) {
            guard !transmit(bytes, channel, to: connection) else { return }
            connection.beginQueueing(channel)
        }
        if !connection.isStalled {
            connection.isStalled = true
            stalled.append(connection)
        }
        connection.enqueue(bytes, channel, limits)
        queuedBytes += bytes.count
        if connection.waiting.bytes > limits.ofProgram { cutOffIdle(connection, "") }
        if queuedBytes > limits.ofAll, let most = stalled.max(by: { $0.waiting.bytes < $1.waiting.bytes }) {
            cutOffIdle(most, " of \(queuedBytes) for all clients")
        }
        scheduleFlush()
    }

    /// Ends a connection, soon, whose client does not read.
    private func cutOffIdle(_ connection: Connection, _ addition: String) {
        host.log(
            LogLine(
                .error, .main,
                "\(connection.client) does not read its \(connection.endpoint.service.name) messages: "
                    + "\(connection.waiting.bytes) bytes wait\(addition); it is disconnected and has to connect again",
                kind: .client(connection.identity.process)))
        drop(connection)
        disconnect(connection.id)
    }

    /// Forgets what waits for a client.
    func drop(_ connection: Connection) {
        queuedBytes -= connection.waiting.bytes
        connection.dropWaiting()
    }

    /// - Returns: whether the message is not to be sent again: it has been, or its connection ends.
    private func transmit(_ bytes: [UInt8], _ channel: ClientMessage.Channel, to connection: Connection) -> Bool {
        guard connection.isOpen, !connection.isGivenUp else { return true }
        let wasTold = connection.untoldEvents == 0
        switch connection.transmit(bytes, channel, now: loop.now) {
        case .full: return false
        case .sent:
            if connection.isLost { cutOffLost(connection) }
            if wasTold, connection.untoldEvents > 0 { untold.append(connection) }
        case .broken(let fault): cutOff(connection, because: fault.description)
        }
        return true
    }

    func cutOffLost(_ connection: Connection) { cutOff(connection, because: "it has shortened a file of its buffers") }

    /// A client does not say when it has read. What waits is tried again at the end of each turn, and after a time that
    /// doubles from 1 to 50 ms while nothing moves.
    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        loop.addTimer(milliseconds: max(flushDelay, Self.shortestDelay)) { [self] in
            isFlushScheduled = false
            flushDelay = flush() ? Self.shortestDelay : min(max(1, flushDelay) * 2, Self.longestDelay)
            if stalled.isEmpty { flushDelay = 0 } else { scheduleFlush() }
        }
    }

    /// Sends what waits, as far as there is room.
    ///
    /// - Returns: whether anything went out.
    @discardableResult
    func flush() -> Bool {
        var moved = false
        for connection in stalled where flush(connection) { moved = true }
        stalled.removeAll { connection in
            guard connection.isOpen, !connection.isGivenUp else { return true }
            guard connection.waiting.isEmpty else { return false }
            host.log(
                LogLine(
                    .info, .main,
                    "Q empty, queued:\(connection.statistics().queued) sent:\(connection.statistics().sent).",
                    kind: .client(connection.identity.process)))
            connection.endQueueing()
            connection.isStalled = false
            return true
        }
        return moved
    }

    /// The same for one connection.
    func flush(_ connection: Connection) -> Bool {
        var moved = false
        for channel in [ClientMessage.Channel.response, .event] {
            while let bytes = connection.waiting.first(channel), transmit(bytes, channel, to: connection) {
                queuedBytes -= bytes.count
                connection.dequeue(channel, limits)
                moved = true
            }
        }
        return moved
    }
}
