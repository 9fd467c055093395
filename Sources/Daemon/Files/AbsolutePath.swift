import Glibc

/// Paths that stay right after the daemon has changed into its state directory.
enum AbsolutePath {
    /// `path` as seen from the present working directory.
    static func of(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}
