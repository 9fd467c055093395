import CPosix
import Glibc
import LocalWire
import TotemWire

/// The memory of one ring, made by the server, which writes to it too.
///
/// Every place that is touched lies inside the mapping: `RingHeader.fits` has compared the sizes of the files with what the
/// header says, and `LocalWire` gives no places outside. The server could shorten the files, but it is root, or this user
/// (`ServerSocket`), and could end this program as well.
struct RingMemory: ~Copyable {
    private let header: UnsafeMutableRawPointer
    private let data: UnsafeMutableRawPointer
    private let start: UnsafeMutableRawPointer
    private let length: Int
    /// 32 bits each.
    let words: Int

    /// Opens a ring by the path of its files without their endings.
    ///
    /// - Parameter owners: whose the files may be.
    init(path: String, owners: [uid_t], largestMessage: Int) throws(LocalClientError) {
        let headerFile = try RingFile(path + RingPaths.headerEnding, owners: owners)
        var opening = [UInt8](repeating: 0, count: RingLayout.semaphoreOffset)
        guard let found = RingHeader(decoding: headerFile.readBeginning(into: &opening).span) else {
            throw LocalClientError(.library, "\(headerFile.path) is no header of a ring")
        }
        // A program that runs with more rights than its user must not be sent by his header to a file that is not his.
        let dataFile = try RingFile(found.dataPath, owners: [headerFile.owner])
        guard found.fits(headerSize: headerFile.size, dataSize: dataFile.size, largestMessage: largestMessage) else {
            throw LocalClientError(.library, "\(dataFile.path) is no ring of \(found.words) words")
        }
        let page = sysconf(Int32(_SC_PAGESIZE))
        let headerRoom = (RingLayout.headerSize + page - 1) / page * page
        let dataRoom = (found.words * RingLayout.wordSize + page - 1) / page * page
        guard let start = rondo_reserve_addresses(headerRoom + dataRoom) else { throw LocalClientError(errno: errno) }
        guard rondo_map_file(start, headerRoom, headerFile.descriptor) == 0,
            rondo_map_file(start + headerRoom, dataRoom, dataFile.descriptor) == 0
        else {
            let code = errno
            rondo_release_addresses(start, headerRoom + dataRoom)
            throw LocalClientError(errno: code)
        }
        self.start = start
        length = headerRoom + dataRoom
        header = start
        data = start + headerRoom
        words = found.words
        files = [headerFile.identity, dataFile.identity]
        rondo_add_to_word(header + RingLayout.userCountOffset, 1)
    }

    deinit {
        rondo_add_to_word(header + RingLayout.userCountOffset, -1)
        rondo_release_addresses(start, length)
    }

    /// The files that are mapped.
    let files: [RingFile.Identity]

    /// Whether both sides use it, and nobody else.
    var isInUse: Bool { rondo_load_word(header + RingLayout.userCountOffset) == 2 }

    var flowControl: UInt32 { rondo_load_word(header + RingLayout.flowControlOffset) }

    // MARK: Messages

    /// Puts a message into the ring.
    ///
    /// - Returns: false while there is no room.
    func write(_ message: [UInt8], _ writer: inout RingWriter) throws(RingFault) -> Bool {
        let readPosition = rondo_load_word(header + RingLayout.readPositionOffset)
        guard let chunk = try writer.place(message.count, readPosition: readPosition) else { return false }
        self[chunk.lengthWord] = 0
        self[chunk.markWord] = RingMark.begun
        message.withUnsafeBytes { bytes in
            // As many as the chunk has room for, in its one or two parts.
            guard let first = bytes.baseAddress, bytes.count == chunk.count else { return }
            (data + chunk.head.lowerBound).copyMemory(from: first, byteCount: chunk.head.count)
            if !chunk.tail.isEmpty {
                data.copyMemory(from: first + chunk.head.count, byteCount: chunk.tail.count)
            }
        }
        self[chunk.lengthWord] = UInt32(chunk.count)
        writer.advance(past: chunk)
        rondo_store_word(header + RingLayout.writePositionOffset, chunk.next)
        self[chunk.markWord] = RingMark.complete
        rondo_raise_semaphore(header + RingLayout.semaphoreOffset)
        return true
    }

    /// Takes the next message, waiting for it.
    ///
    /// - Parameter milliseconds: to wait at most; it may be less.
    /// - Returns: nil when none has come.
    func read(_ reader: inout RingReader, waiting milliseconds: Int32) throws(RingFault) -> [UInt8]? {
        guard rondo_await_semaphore(header + RingLayout.semaphoreOffset, milliseconds) != 0 else { return nil }
        let mark = self[reader.markWord]
        let writePosition = rondo_load_word(header + RingLayout.writePositionOffset)
        let chunk = try reader.chunk(mark: mark, length: self[reader.lengthWord], writePosition: writePosition)
        var message: [UInt8] = []
        message.reserveCapacity(chunk.count)
        message.append(
            contentsOf: UnsafeRawBufferPointer(start: data + chunk.head.lowerBound, count: chunk.head.count))
        message.append(contentsOf: UnsafeRawBufferPointer(start: data, count: chunk.tail.count))
        self[chunk.lengthWord] = 0
        self[chunk.markWord] = RingMark.taken
        reader.advance(past: chunk)
        rondo_store_word(header + RingLayout.readPositionOffset, chunk.next)
        return message
    }

    /// - Parameter word: below the number of words.
    private subscript(word: Int) -> UInt32 {
        get { rondo_load_word(data + word * RingLayout.wordSize) }
        nonmutating set { rondo_store_word(data + word * RingLayout.wordSize, newValue) }
    }
}
