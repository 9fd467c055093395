import Basics
import Glibc
import TotemWire

/// A number that must survive the daemon, in the bytes of this machine's order, as Corosync reads and writes it: a node
/// can change between both engines.
struct NumberFile {
    /// Owner only.
    private static let mode: mode_t = 0o600

    let name: String
    private let size: Int
    private let directory: FileDescriptor

    private init(_ name: String, size: Int, in directory: StateDirectory) {
        self.name = name
        self.size = size
        self.directory = directory.descriptor
    }

    /// The sequence of the last ring this node has been on, kept so that no ring id is ever used twice
    /// (spec: totem.md 5.2, configuration.md 9.1).
    static func ringID(of node: NodeID, in directory: StateDirectory) -> NumberFile {
        NumberFile("ringid_\(node.rawValue)", size: 8, in: directory)
    }

    /// The highest number of expected votes seen (`quorum.expected_votes_tracking`).
    static func trackingBarrier(in directory: StateDirectory) -> NumberFile {
        NumberFile("ev_tracking", size: 4, in: directory)
    }

    /// What was found at start.
    enum Loaded: Equatable {
        case number(UInt64)
        /// No file: the node is new here.
        case missing
        /// A file that is too short, as a crash of an older engine leaves behind.
        case torn(bytes: Int)

        /// A missing or torn file counts as 0.
        var value: UInt64 {
            if case .number(let value) = self { return value }
            return 0
        }
    }

    /// Reads the number. A missing or torn file is written anew at once, with 0, so that an unwritable directory shows
    /// at start and not in the middle of the first membership change; bytes beyond the number are ignored.
    func load() throws(SystemFailure) -> Loaded {
        let loaded = try read()
        switch loaded {
        case .number: try probe()
        case .missing, .torn: try store(0)
        }
        return loaded
    }

    /// Makes a number durable; when this returns it survives a power failure.
    func store(_ number: UInt64) throws(SystemFailure) {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
        try AtomicFile.replace(name, in: directory, with: Self.nativeOrder(bytes), mode: Self.mode)
    }

    private func read() throws(SystemFailure) -> Loaded {
        let descriptor = openat(directory.rawValue, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .missing }
            throw SystemFailure("open '\(name)'")
        }
        let file = FileDescriptor(descriptor)
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                // `done` is below the count, so the rest is inside the buffer.
                Glibc.read(file.rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count == 0 { return .torn(bytes: done) }
            if count > 0 { done += count } else if errno != EINTR { throw SystemFailure("read '\(name)'") }
        }
        return .number(Self.nativeOrder(bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Whether a later `store` may create files here.
    private func probe() throws(SystemFailure) {
        guard faccessat(directory.rawValue, ".", W_OK, 0) == 0 else {
            throw SystemFailure("write in the state directory")
        }
    }

    /// Little-endian bytes in this machine's order, and back.
    private static func nativeOrder(_ bytes: [UInt8]) -> [UInt8] {
        ByteOrder.native == .little ? bytes : bytes.reversed()
    }
}
