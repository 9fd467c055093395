import Basics
import ClusterConfiguration
import Glibc
import Host
import TotemWire

/// A number that must survive the daemon, in the bytes of this machine's order, as Corosync reads and writes it: a node
/// can change between both engines.
///
/// Each number goes into a new file that takes the old one's place. Where no new file can be made (the disk is full, the
/// directory may not be written to, there is no descriptor left) the number is written over the old one, in the file that
/// is open since the start: that takes neither room nor a descriptor. Before each such write it is seen whether the open
/// file still has the name, for a number in a file without a name is lost at the next start.
final class NumberFile {
    /// Owner only.
    private static let mode: mode_t = 0o600

    let name: String
    private let size: Int
    let directory: StateDirectory
    /// The file that has the name; nil while there is none that may be written to.
    private var file: FileDescriptor?

    private init(_ name: String, size: Int, in directory: StateDirectory) {
        self.name = name
        self.size = size
        self.directory = directory
    }

    /// The whole path.
    var path: String { directory.path(of: name) }

    /// What to do about a failure to store the number.
    func advice(on failure: SystemFailure) -> String {
        StorageAdvice.text(for: failure.code, path, in: directory.path)
    }

    /// The sequence of the last ring this node has been on, kept so that no ring id is ever used twice
    /// (spec: totem.md 5.2, configuration.md 9.1).
    static func ringID(of node: NodeID, in directory: StateDirectory) -> NumberFile {
        NumberFile(SystemSettings.ringIDFile(of: node), size: 8, in: directory)
    }

    /// The highest number of expected votes seen (`quorum.expected_votes_tracking`).
    static func trackingBarrier(in directory: StateDirectory) -> NumberFile {
        NumberFile(SystemSettings.trackingFile, size: 4, in: directory)
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

    /// How a number was made durable.
    enum Stored: Equatable {
        /// In a new file: a crash at any moment leaves the old or the new number.
        case replaced
        /// Over the number in the file that has the name, since a new file could not be made, or its name not be made
        /// durable.
        case overwritten(because: SystemFailure)
    }

    /// Reads the number. A missing or torn file is written anew at once, with 0, so that a number that cannot be stored
    /// shows at start and not in the middle of the first membership change; bytes beyond the number are ignored.
    func load() throws(SystemFailure) -> Loaded {
        let loaded = try read()
        switch loaded {
        case .number: try probe()
        case .missing, .torn: _ = try store(0)
        }
        return loaded
    }

    /// Makes a number durable; when this returns it survives a power failure. Throws only when it can be stored in no
    /// way; a disk that is merely full has kept the old number then.
    func store(_ number: UInt64) throws(SystemFailure) -> Stored {
        let little = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
        let bytes = Self.nativeOrder(little)
        do throws(SystemFailure) {
            // Kept before the directory is synced: whatever comes of that, the old file has no name any more.
            file = try AtomicFile.replace(name, in: directory, with: bytes, mode: Self.mode)
            try AtomicFile.syncNames(in: directory)
            return .replaced
        } catch {
            try overwrite(with: bytes)
            return .overwritten(because: error)
        }
    }

    /// Writes into the file there is, or else into one that is made now: a directory that lets no file be renamed may
    /// still let one be made.
    private func overwrite(with bytes: [UInt8]) throws(SystemFailure) {
        if let file, hasName(file) { return try file.write(bytes, path) }
        file = nil
        let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(directory.descriptor.rawValue, name, flags)
        let isMade = descriptor < 0 && errno == ENOENT
        if isMade { descriptor = openat(directory.descriptor.rawValue, name, flags | O_CREAT | O_EXCL, Self.mode) }
        guard descriptor >= 0 else { throw SystemFailure("\(isMade ? "create" : "open") '\(path)'") }
        let opened = FileDescriptor(descriptor)
        do throws(SystemFailure) {
            try opened.write(bytes, path)
            if isMade { try AtomicFile.syncNames(in: directory) }
        } catch {
            if isMade { unlinkat(directory.descriptor.rawValue, name, 0) }
            throw error
        }
        file = opened
    }

    /// Whether the name leads to this open file: an administrator may have removed the file, or put a saved one in its
    /// place, while the node runs.
    private func hasName(_ opened: FileDescriptor) -> Bool {
        var own = stat()
        var named = stat()
        return fstat(opened.rawValue, &own) == 0 && own.st_nlink > 0
            && fstatat(directory.descriptor.rawValue, name, &named, AT_SYMLINK_NOFOLLOW) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    private func read() throws(SystemFailure) -> Loaded {
        guard let opened = try open() else { return .missing }
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                // `done` is below the count, so the rest is inside the buffer.
                pread(opened.rawValue, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(done))
            }
            if count == 0 { return .torn(bytes: done) }
            if count > 0 { done += count } else if errno != EINTR { throw SystemFailure("read '\(path)'") }
        }
        return .number(Self.nativeOrder(bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Opens the file, kept for writing if that is allowed; nil when there is none.
    private func open() throws(SystemFailure) -> FileDescriptor? {
        // Not to wait for who writes into a pipe.
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var descriptor = openat(directory.descriptor.rawValue, name, O_RDWR | flags)
        if descriptor >= 0 {
            let opened = FileDescriptor(descriptor)
            file = opened
            return opened
        }
        if errno == ENOENT { return nil }
        let failure = SystemFailure("open '\(path)'")
        // A number that may only be read can still be replaced.
        descriptor = openat(directory.descriptor.rawValue, name, O_RDONLY | flags)
        guard descriptor >= 0 else { throw failure }
        let opened = FileDescriptor(descriptor)
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { throw failure }
        return opened
    }

    /// Whether a later `store` has a chance: the file itself is open for writing, or new ones may be made beside it.
    private func probe() throws(SystemFailure) {
        guard file != nil || faccessat(directory.descriptor.rawValue, ".", W_OK, 0) == 0 else {
            throw SystemFailure("write in '\(directory.path)'")
        }
    }

    /// Little-endian bytes in this machine's order, and back.
    private static func nativeOrder(_ bytes: [UInt8]) -> [UInt8] {
        ByteOrder.native == .little ? bytes : bytes.reversed()
    }
}
