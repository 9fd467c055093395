import Basics
import CQB
import ClientProtocol
import Glibc

extension LocalIPCServer {
    private static let shortestDelay: UInt32 = 1
    private static let longestDelay: UInt32 = 50

    /// Sends, or lets the message wait behind those that wait already.
    func send(_ bytes: [UInt8], _ channel: ClientMessage.Channel, to connection: Connection) {
        guard bytes.count <= connection.bufferSize else {
            host.log(
                LogLine(
                    .error, .main,
                    "A message of \(bytes.count) bytes does not fit the buffer of \(connection.bufferSize) bytes of "
                        + "\(connection.identity.processName) (pid \(connection.identity.process)) and is dropped",
                    kind: .client(connection.identity.process)))
            return
        }
        if !connection.waiting.contains(channel) {
            switch connection.transmit(bytes, channel) {
            case .sent: return
            case .failed(let code):
                // A client that has gone is no error: its connection is about to be closed.
                guard code != ENOTCONN, code != EPIPE, code != ECONNRESET else { return }
                host.log(
                    LogLine(
                        .error, .main,
                        "A message to \(connection.identity.processName) (pid \(connection.identity.process)) is "
                            + "lost: \(String(cString: strerror(code)))", kind: .client(connection.identity.process)))
                return
            case .full: connection.beginQueueing(channel)
            }
        }
        connection.enqueue(bytes, channel)
        guard connection.waiting.bytes <= queueLimit else {
            host.log(
                LogLine(
                    .error, .main,
                    "\(connection.identity.processName) (pid \(connection.identity.process)) does not read its "
                        + "\(connection.endpoint.service.name) messages: \(connection.waiting.bytes) bytes wait; "
                        + "it is disconnected and has to connect again", kind: .client(connection.identity.process)))
            connection.waiting.removeAll()
            disconnect(connection.id)
            return
        }
        scheduleFlush()
    }

    /// libqb does not say when a client has read, so what waits is tried again after a time that doubles from 1 to
    /// 50 ms while nothing moves.
    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        let context = Unmanaged.passRetained(self).toOpaque()
        loop.addTimer(
            milliseconds: max(flushDelay, Self.shortestDelay),
            JobCallback(
                function: { context in
                    guard let context else { return }
                    // Balanced with the retain above: a timer fires once.
                    Unmanaged<LocalIPCServer>.fromOpaque(context).takeRetainedValue().flush()
                }, data: context))
    }

    private func flush() {
        isFlushScheduled = false
        var moved = false
        var isWaiting = false
        for id in connections.keys.sorted() {
            guard let connection = connections[id], !connection.waiting.isEmpty else { continue }
            if connection.flush() { moved = true }
            if connection.waiting.isEmpty {
                host.log(
                    LogLine(
                        .info, .main, "Q empty, queued:\(connection.queuedEvents) sent:\(connection.sentEvents).",
                        kind: .client(connection.identity.process)))
                connection.endQueueing()
            } else {
                isWaiting = true
            }
        }
        flushDelay = moved ? Self.shortestDelay : min(max(1, flushDelay) * 2, Self.longestDelay)
        if isWaiting { scheduleFlush() } else { flushDelay = 0 }
    }
}
