import ClusterConfiguration
import Glibc

/// The directory in which the daemon keeps what must survive it (`system.state_dir`); it becomes the working directory.
struct StateDirectory {
    /// Where the configuration names none: what systemd's `StateDirectory=` has made, else Corosync's.
    static var standard: String {
        guard let named = getenv("STATE_DIRECTORY").map({ String(cString: $0) }), !named.isEmpty else {
            return SystemSettings.standardStateDirectory
        }
        return named
    }

    /// From the root.
    let path: String
    let descriptor: FileDescriptor

    /// Enters the directory, which must exist: creating it could hide that a disk is not mounted.
    init(_ path: String) throws(SystemFailure) {
        let absolute = AbsolutePath.of(path)
        guard chdir(path) == 0 else { throw SystemFailure("enter the state directory '\(path)'") }
        let descriptor = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFailure("open the state directory '\(path)'") }
        self.descriptor = FileDescriptor(descriptor)
        self.path = absolute
    }

    /// The whole path of a file in it, for messages.
    func path(of name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
}

/// Paths that stay right after the daemon has changed into its state directory.
enum AbsolutePath {
    /// `path` as seen from the present working directory.
    static func of(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}
