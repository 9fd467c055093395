import Glibc

/// The name of a process, as statistics show it.
enum ProcessName {
    private static let longest = 31

    /// Reads it from /proc; empty when the process has gone or hides.
    static func of(_ process: Int32) -> String {
        let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var content = [UInt8](repeating: 0, count: 255)
        let count = read(descriptor, &content, content.count)
        return count > 0 ? parse(Array(content.prefix(count))) : ""
    }

    /// The text between the first `(` and the last `)`, at most 31 bytes. The name itself may contain either.
    static func parse(_ content: [UInt8]) -> String {
        guard let start = content.firstIndex(of: UInt8(ascii: "(")),
            let end = content.lastIndex(of: UInt8(ascii: ")")), start < end
        else { return "" }
        return String(decoding: content[(start + 1)..<end].prefix(longest), as: UTF8.self)
    }
}
