import ArgumentParser
import Glibc

/// Reads a whole file, or standard input for `-`.
enum InputFile {
    /// Why a file could not be read, in the system's words.
    struct Failure: Error, CustomStringConvertible {
        var number: Int32
        var description: String { String(cString: strerror(number)) }
    }

    /// No configuration is anywhere near as large; a device that never ends must not fill the memory.
    static let limit = 16 << 20

    static func read(_ name: String) throws(Failure) -> [UInt8] {
        let descriptor = name == "-" ? 0 : open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        defer { if descriptor > 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(number: errno) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw Failure(number: EFBIG) }
        }
    }
}

/// Writes a whole file the user has named.
enum OutputFile {
    /// - Throws: `ValidationError` with the path and the system's reason.
    static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw failure(path) }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten else { throw failure(path) }
    }

    private static func failure(_ path: String) -> ValidationError {
        ValidationError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
