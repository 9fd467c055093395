import CPosix
import ClientProtocol
import Glibc
import LocalWire

extension LocalIPCServer {
    /// Bits of poll(2) that end a connection.
    private static let ends = Int32(POLLHUP) | Int32(POLLERR) | Int32(POLLNVAL)

    /// Something has happened at a connection's socket.
    func serve(_ connection: Connection, _ events: Int32) {
        guard connection.isOpen, !connection.isGivenUp else { return }
        if events & Int32(POLLOUT) != 0 {
            connection.wake()
            if !connection.isSocketFull { watch(connection) }
        }
        if events & Self.ends != 0 {
            // What a program asked for right before it ended is still done: the hang-up stays, and comes back for the rest.
            // Bytes without a request, or a client whose requests are not taken now, end it.
            guard rondo_has_bytes(connection.descriptor) != 0, take(from: connection) > 0 else {
                end(connection)
                return
            }
        } else if events & Int32(POLLIN) != 0 {
            guard connection.flowControl == 0 else { return watch(connection) }
            take(from: connection)
        }
    }

    /// Takes what is one connection's share of requests.
    ///
    /// - Returns: how many.
    @discardableResult
    private func take(from connection: Connection) -> Int {
        // A client that reads one event after each request that is taken finds one: else what waits for it would grow by each
        // that it looks for in vain.
        if !connection.waiting.isEmpty, flush(connection) { connection.wake() }
        let share = connection.endpoint.rate.share
        var taken = 0
        var goesOn = true
        while goesOn, taken < share, connection.flowControl == 0, !connection.isGivenUp {
            var request: [UInt8] = []
            swap(&request, &spareRequest)
            defer { swap(&request, &spareRequest) }
            request.removeAll(keepingCapacity: true)
            do throws(RingFault) {
                guard try connection.takeRequest(into: &request) else { break }
            } catch {
                cutOff(connection, because: error.description)
                return taken
            }
            guard !connection.isLost else {
                cutOffLost(connection)
                return taken
            }
            taken += 1
            switch process(&request, from: connection) {
            case .next: continue
            case .enough: goesOn = false
            case .end:
                end(connection)
                return taken
            }
        }
        guard connection.readBytes(taken: taken) else {
            end(connection)
            return taken
        }
        if connection.isOverdue { loop.addJob(priority: .low) { [self] in serve(connection, Int32(POLLIN)) } }
        return taken
    }
}
