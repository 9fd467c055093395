import CPosix
import ClientProtocol
import Glibc
import LocalWire
import TotemWire

/// The socket of a connection: it carries the handshake, then a byte for each request and each event, and tells when the server
/// has gone.
struct ServerSocket: ~Copyable {
    let descriptor: Int32
    /// Of the server, attested by the kernel; process 0 where it cannot be seen from here.
    let user: uid_t
    let process: pid_t

    /// Connects with a service.
    ///
    /// Anybody can listen at a name that is free: only root and this very user are taken for the daemon, so that what it names
    /// can be used.
    init(_ service: LocalService) throws(LocalClientError) {
        let isPath = access(SocketName.switchToPaths, F_OK) == 0
        let descriptor = rondo_connect_to(SocketName.of(service.name, isPath: isPath))
        guard descriptor >= 0 else { throw LocalClientError(errno: errno) }
        var user: UInt32 = 0
        var process: Int32 = 0
        let isKnown = rondo_peer_user(descriptor, &user, &process) == 0
        guard isKnown, user == 0 || user == geteuid() else {
            close(descriptor)
            throw LocalClientError(
                .access, "who answers as \(service.name) is user \(user) and no daemon of this machine")
        }
        self.descriptor = descriptor
        self.user = user
        self.process = process
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Asks for a connection.
    func introduce(_ request: ConnectRequest, until limit: WaitLimit) throws(LocalClientError) -> ConnectAnswer {
        var writer = ByteWriter()
        request.encode(into: &writer)
        try send(writer.bytes)
        let bytes = try receive(ConnectAnswer.size, until: limit)
        // From now on nobody asks who sends.
        var off: Int32 = 0
        setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &off, socklen_t(MemoryLayout<Int32>.size))
        do {
            return try ConnectAnswer(decoding: bytes.span)
        } catch {
            throw LocalClientError(.notSupported, error.description)
        }
    }

    /// Sends all bytes, waiting for room.
    func send(_ bytes: [UInt8]) throws(LocalClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                rondo_send_now(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                // A server that has gone ends this, too.
                wait(for: POLLOUT, milliseconds: -1)
            } else {
                throw .gone
            }
        }
    }

    private func receive(_ size: Int, until limit: WaitLimit) throws(LocalClientError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var taken = 0
        while taken < size {
            let count = bytes.withUnsafeMutableBytes { room in
                recv(descriptor, room.baseAddress.map { $0 + taken }, room.count - taken, Int32(MSG_DONTWAIT))
            }
            if count > 0 {
                taken += count
            } else if count < 0, errno == EAGAIN {
                guard let slice = limit.slice(atMost: 60_000) else { throw LocalClientError(.timeout) }
                wait(for: POLLIN, milliseconds: slice)
            } else if count == 0 || errno != EINTR {
                throw .gone
            }
        }
        return bytes
    }

    /// Takes the bytes that came with events; they say nothing but that there are some.
    ///
    /// - Returns: false when the server has ended its side.
    func skipBytes() -> Bool {
        while true {
            let count = rondo_skip_bytes(descriptor, 512)
            if count == 0 { return false }
            if count < 0 { return errno == EAGAIN }
            if count < 512 { return true }
        }
    }

    /// Whether the server has ended its side.
    var isHungUp: Bool { wait(for: 0, milliseconds: 0) & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 }

    @discardableResult
    private func wait(for events: Int32, milliseconds: Int32) -> Int16 {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&entry, 1, milliseconds) > 0 ? entry.revents : 0
    }
}
