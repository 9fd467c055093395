import Glibc

/// The bytes of a file from `offset` on.
func readBytes(_ path: String, from offset: Int = 0) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LabError.systemCall(name: "open", errno: errno, what: path) }
    defer { close(descriptor) }
    if offset > 0 { lseek(descriptor, off_t(offset), SEEK_SET) }
    var bytes: [UInt8] = []
    while let part = readAvailable(descriptor) { bytes += part }
    return bytes
}

func readText(_ path: String) throws -> String {
    String(decoding: try readBytes(path), as: UTF8.self)
}

/// Replaces the file's content.
func writeText(_ text: String, to path: String, mode: mode_t = 0o644) throws {
    try writeBytes(Array(text.utf8), to: path, mode: mode)
}

/// Replaces the file's content.
func writeBytes(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw LabError.systemCall(name: "open", errno: errno, what: path) }
    defer { close(descriptor) }
    guard writeAll(descriptor, bytes) else {
        throw LabError.systemCall(name: "write", errno: errno, what: path)
    }
}

/// The full path of a program as the shell would find it.
public func findProgram(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
    return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
}

/// An environment variable; nil when absent or empty.
public func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
}
