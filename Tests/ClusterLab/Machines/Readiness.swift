import Glibc

/// Hears a daemon report that it is ready, as systemd would.
public final class ReadinessListener {
    /// For the daemon's environment.
    public let variable: String
    private let descriptor: Int32
    private let path: String

    public init(on node: Node) throws {
        path = node.folder + "/notify"
        variable = "NOTIFY_SOCKET=/run/lab/notify"
        unlink(path)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard descriptor >= 0, name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LabError.systemCall(name: "socket", errno: errno, what: path)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw LabError.systemCall(name: "bind", errno: errno, what: path) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Waits for READY=1.
    public func awaitReady(within limit: Duration) throws {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 100) > 0, let bytes = readAvailable(descriptor) else { continue }
            if String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains("READY=1") { return }
        }
        throw LabError.timedOut(what: "READY=1", limit: limit, diagnostics: "")
    }
}
