import CSealing
import ClusterConfiguration
import Glibc

/// The ring's key, as it is configured: 128 to 4096 bytes (spec: knet.md 3).
///
/// There is one copy, in pages of its own that are locked and left out of core dumps, and it is overwritten when it goes out
/// of use. `Sealer` needs it only while it is made; who wants to tell at a reload whether the key has changed keeps it.
public struct SecretKey: ~Copyable {
    let bytes: UnsafeMutablePointer<UInt8>
    public let count: Int

    /// Memory for a key, to be filled by `fill`, which returns how much it has filled.
    ///
    /// `bytes` has room for `capacity` and is this value's alone until it is freed in `deinit`; no reference to it leaves
    /// `fill`.
    private init(
        capacity: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws(ConfigurationError) -> Int
    ) throws(ConfigurationError) {
        guard let pages = rondo_secret_new(capacity, 0) else {
            throw ConfigurationError("There is no memory for the key: \(SystemText.of(errno))")
        }
        do {
            count = min(max(try fill(UnsafeMutableBufferPointer(start: pages, count: capacity)), 0), capacity)
            bytes = pages
        } catch {
            rondo_secret_free(pages, capacity)
            throw error
        }
    }

    deinit { rondo_secret_free(bytes, count) }

    /// A key that stands in the configuration, its terminating NUL included (`totem.key`).
    public init(text: [UInt8]) throws(ConfigurationError) {
        try KeyFileCheck.check(text: text.count)
        try self.init(capacity: text.count) { room throws(ConfigurationError) in
            _ = room.update(fromContentsOf: text)
            return text.count
        }
    }

    /// The key of a file, read straight into its place.
    ///
    /// - Throws: what is wrong with the file, in Corosync's words where it has any, and what to do
    ///   (spec: configuration.md 9.2).
    public init(file path: String) throws(ConfigurationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw KeyFileCheck.failure("Could not open \(path): \(SystemText.of(errno))", path)
        }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            throw KeyFileCheck.failure("Could not read \(path): \(SystemText.of(errno))", path)
        }
        let size = Int(facts.st_size)
        try KeyFileCheck.check(
            path: path, isRegular: facts.st_mode & S_IFMT == S_IFREG, size: size, mode: facts.st_mode & 0o7777)
        try self.init(capacity: size) { room throws(ConfigurationError) in
            try Self.read(descriptor, into: room, path: path)
        }
    }

    /// Reads all that there is room for; a file that has become shorter meanwhile is no key.
    private static func read(
        _ descriptor: Int32, into room: UnsafeMutableBufferPointer<UInt8>, path: String
    ) throws(ConfigurationError) -> Int {
        var done = 0
        while done < room.count, let place = room.baseAddress {
            // Within the room: `done` is less than its count.
            let count = Glibc.read(descriptor, place + done, room.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count < 0 ? SystemText.of(errno) : "it has become shorter"
                throw KeyFileCheck.failure("Could not read \(path): \(reason)", path)
            }
            done += count
        }
        return done
    }

    /// Whether both are the same key; takes a time that does not depend on where they differ.
    public func isEqual(to other: borrowing SecretKey) -> Bool {
        // Both have `count` bytes for as long as they are borrowed.
        count == other.count && rondo_secrets_equal(bytes, other.bytes, count) != 0
    }
}

enum SystemText {
    /// The C library's text for an errno value.
    static func of(_ code: Int32) -> String {
        guard let text = strerror(code) else { return "error" }
        return String(cString: text)
    }
}
