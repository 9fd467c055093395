/// Where the socket of a service is (spec: ipc.md 3.1).
public enum SocketName {
    /// Where this file is, sockets are files themselves.
    public static let switchToPaths = "/etc/libqb/force-filesystem-sockets"
    /// As Debian's libqb is built.
    private static let folder = "/tmp"

    /// - Parameter isPath: whether `switchToPaths` exists.
    /// - Returns: a path, or the name of an abstract socket.
    public static func of(_ service: String, isPath: Bool) -> String { isPath ? "\(folder)/\(service)" : service }
}
