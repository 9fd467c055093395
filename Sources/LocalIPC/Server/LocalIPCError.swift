import ClientProtocol
import Glibc

/// Why a service's socket could not be opened.
public struct LocalIPCError: Error, Sendable, CustomStringConvertible {
    public var service: LocalService
    /// errno; zero when libqb gave none.
    public var code: Int32

    /// What to do about it.
    public var description: String {
        let reason = code == 0 ? "libqb gave no reason" : String(cString: strerror(code))
        let remedy =
            code == EADDRINUSE
            ? "; another cluster daemon on this machine owns it: stop that one, or run this one in its own network "
                + "namespace"
            : ""
        return "Can't initialize IPC: the socket of service \(service.name) could not be opened: \(reason)\(remedy)"
    }
}

/// How clients' messages travel. Clients learn it when they connect.
public enum LocalIPCTransport: Sendable {
    /// Rings in shared memory. Pacemaker needs it: it asks the socket who is behind it.
    case sharedMemory
    case sockets

    /// From `system.qb_ipc_type`; nil for a word that is none (spec: ipc.md 2.1).
    public init?(configured: String) {
        switch configured {
        case "native", "shm": self = .sharedMemory
        case "socket": self = .sockets
        default: return nil
        }
    }
}
