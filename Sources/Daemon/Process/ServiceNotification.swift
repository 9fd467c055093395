import CPosix
import Glibc

/// Telling the service manager that the node is ready (sd_notify).
enum ServiceNotification {
    /// Sends `READY=1` to the socket named by NOTIFY_SOCKET, if there is one. Corosync sends it after every completed
    /// synchronisation (spec: daemon-and-tools.md 1.8); repeating it does no harm.
    static func ready() {
        guard let path = getenv("NOTIFY_SOCKET") else { return }
        let message = Array("READY=1".utf8)
        // `message` holds as many bytes as are announced; a lost notice only delays the manager.
        _ = rondo_send_to_unix_socket(path, message, message.count)
    }
}
