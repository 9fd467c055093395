import ClusterConfiguration
import Glibc
import Transports

/// Reading corosync.conf and the `uidgid.d` directory beside it (spec: configuration.md 2).
public enum ConfigurationFiles {
    /// The file with its lists of users; names are looked up among the users and groups of this machine.
    public static func read(_ path: String) throws(ConfigurationError) -> ConfigurationDocument {
        let text = try contents(of: path)
        return try ConfigurationDocument(
            text, file: path, userLists: try userLists(beside: path), accounts: SystemAccounts())
    }

    /// The lists of users that a start with this file reads.
    public static func userLists(
        beside path: String
    ) throws(ConfigurationError) -> [(file: String, text: [UInt8])] {
        let base = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let directory = base + "uidgid.d"
        var lists: [(file: String, text: [UInt8])] = []
        for name in names(in: directory) where ConfigurationDocument.isUserListName(name) {
            let file = directory + "/" + name
            var information = stat()
            guard stat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { continue }
            lists.append((file, try contents(of: file)))
        }
        return lists
    }

    private static func contents(of path: String) throws(ConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, SystemCall.text(of: errno)) }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return result }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw unreadable(path, SystemCall.text(of: errno))
            }
            result.append(contentsOf: buffer[0..<count])
            guard result.count <= ConfigurationDocument.largestFile else { throw ConfigurationDocument.tooLarge(path) }
        }
    }

    private static func unreadable(_ path: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(
            "Can't read file \(path): \(reason)",
            remedy: "name the configuration with -c FILE, and check that it exists and may be read")
    }

    /// The entries of a directory, in the order of their names; none when it cannot be read.
    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while let entry = readdir(directory) {
            result.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    // d_name ends with a zero byte inside its array.
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return result.sorted()
    }
}
