import ClientProtocol
import Glibc

/// Why a service's socket could not be opened.
public struct LocalIPCError: Error, Sendable, CustomStringConvertible {
    public var service: LocalService
    /// errno.
    public var code: Int32

    /// What to do about it.
    public var description: String {
        let reason = String(cString: strerror(code))
        let remedy =
            code == EADDRINUSE
            ? "; another cluster daemon on this machine owns it: stop that one, or run this one in its own network "
                + "namespace"
            : ""
        return "Can't initialize IPC: the socket of service \(service.name) could not be opened: \(reason)\(remedy)"
    }
}
