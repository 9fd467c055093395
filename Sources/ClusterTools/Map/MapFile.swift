import Glibc
import RondoKit

/// Changes of many keys: by prefix, and as a file says.
enum MapFile {
    /// Nil when the key is gone.
    static func delete(_ key: String, in map: ConfigurationMap) async -> ClusterError.Code? {
        do {
            return try await map.delete(key) ? nil : .notExist
        } catch {
            return error.code
        }
    }

    /// The exit status. Keys that cannot be deleted are named, and the others are.
    static func delete(under prefix: String, in map: ConfigurationMap) async -> Int32 {
        let keys: [String]
        do {
            keys = try await map.keys(under: prefix)
        } catch {
            Output.complain("Failed to initialize iteration. Error \(error.code.name)")
            return EXIT_FAILURE
        }
        for key in keys {
            guard let code = await delete(key, in: map) else { continue }
            Output.complain("Can't delete key \(key). Error \(code.name)")
        }
        return EXIT_SUCCESS
    }

    /// The exit status: that of Corosync's tool is 0 where there is no file.
    static func load(_ path: String, into map: ConfigurationMap) async -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            Output.complain("Couldn't open file.", code: errno)
            return EXIT_SUCCESS
        }
        let bytes = FileBytes.all(of: descriptor, limit: 64 << 20)
        close(descriptor)
        for line in lines(bytes) {
            let status = await take(line, into: map)
            if status != EXIT_SUCCESS { return status }
        }
        return EXIT_SUCCESS
    }

    /// Cut where they are longer than the room that Corosync's tool reads them into.
    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: 0x0A).flatMap { line -> [String] in
            stride(from: line.startIndex, to: line.endIndex, by: 1023).map { start in
                String(decoding: line[start..<min(start + 1023, line.endIndex)], as: UTF8.self)
            }
        }
    }

    private static func take(_ line: String, into map: ConfigurationMap) async -> Int32 {
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard let first = text.first, first != "#" else { return EXIT_SUCCESS }
        let words = text.split(separator: " ").map(String.init)
        guard let name = words.first else { return EXIT_SUCCESS }
        if name.hasPrefix("^^") { return await delete(under: String(name.dropFirst(2)), in: map) }
        if name.hasPrefix("^") {
            let key = String(name.dropFirst())
            if let code = await delete(key, in: map) {
                Output.complain("Can't delete key \(key). Error \(code.name)")
            }
            return EXIT_SUCCESS
        }
        guard words.count >= 3 else {
            Output.complain("Both type and value for key \(name) are required")
            return EXIT_FAILURE
        }
        return await KeyWriter.set(name, type: words[1], words[2], in: map)
    }
}
