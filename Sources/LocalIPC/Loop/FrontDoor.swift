import Basics
import CPosix
import Glibc
import LocalWire

/// Where strangers come in: between the listening sockets and the connections that are made of those who may.
///
/// Nobody is let in for whom there is no descriptor, those who come in and stay silent are sent away, and a socket from
/// which nothing could be accepted is left alone for a while. Nothing is made for anybody before it is known who he is.
final class FrontDoor {
    /// Milliseconds between two looks at the silent.
    private static let interval: UInt32 = 500
    /// Milliseconds for which a socket is left alone.
    private static let pause: UInt32 = 100

    private let loop: any IPCEventLoop
    /// The host outlives the door.
    private unowned let host: any LocalIPCHost
    private var newcomers = Newcomers()
    private var resting: [Int32] = []
    private var looks = false

    init(loop: any IPCEventLoop, host: any LocalIPCHost) {
        self.loop = loop
        self.host = host
    }

    /// Watches a listening socket, for those who want to an endpoint.
    func open(_ listener: Int32, for endpoint: ServiceEndpoint) throws(SystemCode) {
        let result = loop.add(listener, events: Int32(POLLIN), priority: .medium) {
            [unowned self, unowned endpoint] _ in
            accept(from: listener, for: endpoint)
        }
        guard result == 0 else { throw SystemCode(-result) }
    }

    /// Closes a listening socket.
    func shut(_ listener: Int32) {
        resting.removeAll { $0 == listener }
        loop.remove(listener)
        close(listener)
    }

    private func accept(from listener: Int32, for endpoint: ServiceEndpoint) {
        let descriptor = rondo_accept_connection(listener)
        guard descriptor >= 0 else { return rest(listener) }
        var user: UInt32 = .max
        var process: Int32 = 0
        guard host.mayAccept, rondo_peer_user(descriptor, &user, &process) == 0,
            loop.add(
                descriptor, events: Int32(POLLIN), priority: .medium,
                { [unowned self, unowned endpoint] _ in listen(to: descriptor, for: endpoint) }) == 0
        else {
            close(descriptor)
            return
        }
        if let oldest = newcomers.add(descriptor, of: user) { sendAway(oldest, "there were too many others") }
        scheduleLook()
    }

    /// A newcomer has said something, or is gone.
    private func listen(to descriptor: Int32, for endpoint: ServiceEndpoint) {
        var sender = rondo_sender()
        // One byte more than a request has.
        var bytes = [UInt8](repeating: 0, count: ConnectRequest.size + 1)
        let count = rondo_receive_from_sender(descriptor, &bytes, bytes.count, &sender)
        if count < 0, errno == EAGAIN { return }
        newcomers.remove(descriptor)
        loop.remove(descriptor)
        // Libraries send it as a whole, so what comes in pieces is none.
        guard count > 0, let request = ConnectRequest(decoding: bytes.span.extracting(first: count)) else {
            close(descriptor)
            return
        }
        endpoint.admit(descriptor, request, sender)
    }

    private func rest(_ listener: Int32) {
        loop.modify(listener, events: 0, priority: .medium)
        resting.append(listener)
        guard resting.count == 1 else { return }
        loop.addTimer(milliseconds: Self.pause) { [self] in
            for listener in resting { loop.modify(listener, events: Int32(POLLIN), priority: .medium) }
            resting = []
        }
    }

    private func scheduleLook() {
        guard !looks else { return }
        looks = true
        loop.addTimer(milliseconds: Self.interval) { [self] in
            looks = false
            for descriptor in newcomers.look() { sendAway(descriptor, "waited a second") }
            if !newcomers.isEmpty { scheduleLook() }
        }
    }

    private func sendAway(_ descriptor: Int32, _ reason: String) {
        var user: UInt32 = 0
        var process: Int32 = 0
        let isKnown = rondo_peer_user(descriptor, &user, &process) == 0
        loop.remove(descriptor)
        close(descriptor)
        guard isKnown else { return }
        host.log(
            LogLine(
                .warning, .main,
                "Ended a local connection of process \(process) (user \(user)) that did not say what it wants: \(reason). "
                    + "To do: look what that program is", kind: .silentUser(user)))
    }
}
