import Basics
import CPosix
import Glibc
import Links

/// What kernel and network say of datagrams that were sent.
extension KnetTransport {
    /// Reports read in one go: a flood of them must not hold up the ring.
    private static let most = 64

    /// Tells the links what a socket's error queue holds. They take it as a hint: nothing of it is authenticated.
    public func readErrors(on number: SocketNumber, _ links: inout KnetLinks, now: Instant) {
        guard let socket = socket(number) else { return }
        _ = readErrors(socket, &links, now: now)
    }

    /// - Returns: whether there was anything.
    func readErrors(_ socket: LinkSocket, _ links: inout KnetLinks, now: Instant) -> Bool {
        var report = rondo_socket_report()
        var isAny = false
        for _ in 0..<Self.most where rondo_next_socket_report(socket.descriptor, &report) == 1 {
            isAny = true
            let destination = withUnsafePointer(to: &report.destination) {
                // The storage is larger than every socket address.
                SocketAddressStorage.read(UnsafeRawPointer($0))
            }
            guard let destination else { continue }
            if report.isRefusal(of: socket.marks) {
                links.reported(refusedBy: destination, on: socket.number, now: now)
                continue
            }
            switch report.error {
            case EMSGSIZE:
                guard report.mtu > 0 else { continue }
                links.reported(mtu: Int(report.mtu), to: destination, on: socket.number, now: now)
            case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES:
                if report.from_network != 0 {
                    links.reported(unreachable: destination, on: socket.number, now: now)
                }
            default: continue
            }
        }
        return isAny
    }
}
