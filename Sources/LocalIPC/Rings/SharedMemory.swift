import CPosix
import Glibc
import LocalWire

/// The memory of a connection's three rings, which its client can write to and take away.
///
/// Everything that is read here is read once, and every access lies inside the mapping: the places come from `LocalWire`,
/// which gives none outside. A page whose file has been shortened reads as zeros from then on, and `isLost` tells.
struct SharedMemory: ~Copyable {
    /// One ring: its header, and its data.
    struct Ring {
        fileprivate let header: UnsafeMutableRawPointer
        fileprivate let data: UnsafeMutableRawPointer

        var writePosition: UInt32 {
            get { rondo_load_word(header + RingLayout.writePositionOffset) }
            nonmutating set { rondo_store_word(header + RingLayout.writePositionOffset, newValue) }
        }

        var readPosition: UInt32 {
            get { rondo_load_word(header + RingLayout.readPositionOffset) }
            nonmutating set { rondo_store_word(header + RingLayout.readPositionOffset, newValue) }
        }

        var flowControl: UInt32 {
            get { rondo_load_word(header + RingLayout.flowControlOffset) }
            nonmutating set { rondo_store_word(header + RingLayout.flowControlOffset, newValue) }
        }

        /// How many chunks wait, as whoever wrote them says.
        var announced: UInt32 { rondo_semaphore_value(header + RingLayout.semaphoreOffset) }

        func announce() { rondo_raise_semaphore(header + RingLayout.semaphoreOffset) }

        func takeAnnouncement() { rondo_lower_semaphore(header + RingLayout.semaphoreOffset) }

        func endUse() { rondo_store_word(header + RingLayout.userCountOffset, 0) }

        /// - Parameter word: below the number of words.
        subscript(word: Int) -> UInt32 {
            get { rondo_load_word(data + word * RingLayout.wordSize) }
            nonmutating set { rondo_store_word(data + word * RingLayout.wordSize, newValue) }
        }

        /// Copies what a chunk holds to the end of `bytes`.
        func append(_ chunk: RingChunk, to bytes: inout [UInt8]) {
            bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: data + chunk.head.lowerBound, count: chunk.head.count))
            guard !chunk.tail.isEmpty else { return }
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: data, count: chunk.tail.count))
        }

        /// Copies bytes, as many as it has room for, into a chunk.
        func fill(_ chunk: RingChunk, with bytes: [UInt8]) {
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress, bytes.count == chunk.count else { return }
                (data + chunk.head.lowerBound).copyMemory(from: start, byteCount: chunk.head.count)
                guard !chunk.tail.isEmpty else { return }
                data.copyMemory(from: start + chunk.head.count, byteCount: chunk.tail.count)
            }
        }
    }

    private static let ringCount = 3
    private let start: UnsafeMutableRawPointer
    private let length: Int
    private let headerRoom: Int
    private let dataSize: Int
    private let guardian: OpaquePointer

    /// Reserves addresses for three rings.
    ///
    /// - Parameters:
    ///   - headerRoom: bytes for a header, whole pages.
    ///   - dataSize: bytes of data, whole pages.
    init(headerRoom: Int, dataSize: Int) throws(SystemCode) {
        let length = Self.ringCount * (headerRoom + dataSize)
        guard let start = rondo_reserve_addresses(length) else { throw .last }
        guard let guardian = rondo_guard_addresses(start, length) else {
            let failure = SystemCode.last
            rondo_release_addresses(start, length)
            throw failure
        }
        self.start = start
        self.length = length
        self.headerRoom = headerRoom
        self.dataSize = dataSize
        self.guardian = guardian
    }

    deinit {
        rondo_release_guard(guardian)
        rondo_release_addresses(start, length)
    }

    /// Whether the client has shortened a file.
    var isLost: Bool { rondo_is_guard_broken(guardian) != 0 }

    /// Maps the files of a ring, and writes its header.
    ///
    /// - Parameters:
    ///   - index: 0, 1 or 2.
    ///   - opening: the header's first bytes, as many as stand before the semaphore.
    func map(_ index: Int, header: Int32, data: Int32, opening: [UInt8]) throws(SystemCode) -> Ring {
        let place = start + index * (headerRoom + dataSize)
        guard rondo_map_file(place, headerRoom, header) == 0, rondo_map_file(place + headerRoom, dataSize, data) == 0
        else { throw .last }
        opening.withUnsafeBytes { bytes in
            place.copyMemory(from: bytes, count: min(bytes.count, RingLayout.semaphoreOffset))
        }
        rondo_make_semaphore(place + RingLayout.semaphoreOffset)
        return Ring(header: place, data: place + headerRoom)
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyMemory(from bytes: UnsafeRawBufferPointer, count: Int) {
        guard let start = bytes.baseAddress else { return }
        copyMemory(from: start, byteCount: count)
    }
}
