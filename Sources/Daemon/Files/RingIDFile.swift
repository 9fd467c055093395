import Glibc
import TotemWire

/// The sequence of the last ring this node has been on, kept so that no ring id is ever used twice
/// (spec: totem.md 5.2, configuration.md 9.1).
///
/// `ringid_NODEID` holds it in 8 bytes of this machine's order, as Corosync reads and writes it, so that a node can
/// change between both engines.
struct RingIDFile {
    private static let size = 8
    /// Owner only, as Corosync creates it.
    private static let mode: mode_t = 0o600

    let name: String
    private let directory: FileDescriptor

    init(node: NodeID, in directory: StateDirectory) {
        name = "ringid_\(node.rawValue)"
        self.directory = directory.descriptor
    }

    /// What was found at start.
    enum Loaded: Equatable {
        case sequence(UInt64)
        /// No file: the node has never been on a ring.
        case missing
        /// A file of fewer than 8 bytes, as a crash of an older engine leaves behind.
        case torn(bytes: Int)
    }

    /// Reads the stored sequence. A missing or torn file counts as 0 and is written anew at once, so that an
    /// unwritable directory shows at start and not in the middle of the first membership change; bytes beyond the
    /// eighth are ignored.
    func load() throws(SystemFailure) -> Loaded {
        let loaded = try read()
        switch loaded {
        case .sequence: try probe()
        case .missing, .torn: try store(0)
        }
        return loaded
    }

    /// Makes `sequence` durable before it is used on the ring.
    func store(_ sequence: UInt64) throws(SystemFailure) {
        let bytes = (0..<Self.size).map { UInt8(truncatingIfNeeded: sequence >> (8 * UInt64($0))) }
        try AtomicFile.replace(name, in: directory, with: Self.nativeOrder(bytes), mode: Self.mode)
    }

    private func read() throws(SystemFailure) -> Loaded {
        let descriptor = openat(directory.rawValue, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .missing }
            throw SystemFailure("open '\(name)'")
        }
        let file = FileDescriptor(descriptor)
        var bytes = [UInt8](repeating: 0, count: Self.size)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                // `done` is below the count, so the rest is inside the buffer.
                Glibc.read(file.rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count == 0 { return .torn(bytes: done) }
            if count > 0 { done += count } else if errno != EINTR { throw SystemFailure("read '\(name)'") }
        }
        let sequence = Self.nativeOrder(bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return .sequence(sequence)
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
