import Basics
import CPosix
import Glibc

/// One datagram of a received batch.
struct ReceivedDatagram {
    var offset: Int
    var length: Int
    var source: IPAddress
}

/// The buffers one recvmmsg call fills, allocated once, and the datagrams found in them.
///
/// Every buffer takes the largest UDP payload, because the kernel may join datagrams up to it and because a peer may
/// send one that large; 16 of them cost 1 MiB of locked memory.
struct ReceiveBatch: ~Copyable {
    /// Larger than any UDP payload, so that nothing is ever cut.
    static let bufferSize = 65536

    private let datagrams: UnsafeMutablePointer<rondo_datagram>
    private let vectors: UnsafeMutablePointer<iovec>
    private let addresses: UnsafeMutablePointer<sockaddr_storage>
    private let controls: UnsafeMutableRawPointer
    private let memory: UnsafeMutableRawPointer
    let capacity: Int
    /// Headers the kernel may have written to since they were renewed.
    private var used: Int
    /// How many calls in a row have found one short payload and nothing else.
    private var lonely = 0

    /// A payload of at most this many bytes is short: a token without messages is, a message is not.
    private static let shortPayload = 128
    /// After so many calls that found one short payload the next is expected to find one, too.
    private static let lonelyCalls = 16

    init(capacity: Int) {
        self.capacity = capacity
        used = capacity
        datagrams = .allocate(capacity: capacity)
        datagrams.initialize(repeating: rondo_datagram(), count: capacity)
        vectors = .allocate(capacity: capacity)
        vectors.initialize(repeating: iovec(), count: capacity)
        addresses = .allocate(capacity: capacity)
        addresses.initialize(repeating: sockaddr_storage(), count: capacity)
        controls = .allocate(byteCount: capacity * Int(RONDO_SEGMENT_CONTROL_SIZE), alignment: 16)
        memory = .allocate(byteCount: capacity * Self.bufferSize, alignment: 4096)
        for index in 0..<capacity {
            vectors[index] = iovec(iov_base: memory + index * Self.bufferSize, iov_len: Self.bufferSize)
            datagrams[index].header.msg_name = UnsafeMutableRawPointer(addresses + index)
            datagrams[index].header.msg_iov = vectors + index
            datagrams[index].header.msg_iovlen = 1
            datagrams[index].header.msg_control = controls + index * Int(RONDO_SEGMENT_CONTROL_SIZE)
        }
    }

    deinit {
        datagrams.deallocate()
        vectors.deallocate()
        addresses.deallocate()
        controls.deallocate()
        memory.deallocate()
    }

    /// Reads what is queued, at most one payload per buffer, and only one while tokens come alone, which saves the kernel a
    /// second look. Returns the number of payloads; 0 when nothing is queued;
    /// −1 with errno set on any other failure.
    ///
    /// - Parameter inFull: no tokens come here, and how many payloads there are tells whether more may wait.
    mutating func fill(from descriptor: Int32, inFull: Bool = false) -> Int {
        // The kernel writes these three into the headers it uses, and into one more when it fails on it.
        for index in 0..<min(used + 1, capacity) {
            datagrams[index].header.msg_namelen = socklen_t(MemoryLayout<sockaddr_storage>.size)
            datagrams[index].header.msg_controllen = Int(RONDO_SEGMENT_CONTROL_SIZE)
            datagrams[index].header.msg_flags = 0
        }
        used = capacity
        let wanted = inFull || lonely < Self.lonelyCalls ? capacity : 1
        while true {
            let count = rondo_recvmmsg(descriptor, datagrams, UInt32(wanted), Int32(MSG_DONTWAIT))
            if count >= 0 {
                used = Int(count)
                guard !inFull else { return used }
                lonely = used == 1 && datagrams[0].length <= Self.shortPayload ? min(lonely + 1, Self.lonelyCalls) : 0
                return used
            }
            if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
            if errno != EINTR { return -1 }
        }
    }

    /// Who sent payload `index` of the last `fill`; nil when the kernel gave no usable address.
    func source(of index: Int) -> SocketAddress? {
        guard datagrams[index].header.msg_namelen >= socklen_t(MemoryLayout<sockaddr_in>.size) else { return nil }
        return SocketAddressStorage.read(UnsafeRawPointer(addresses + index))
    }

    func isTruncated(_ index: Int) -> Bool {
        UInt32(bitPattern: datagrams[index].header.msg_flags) & UInt32(MSG_TRUNC) != 0
    }

    /// Payload `index` as offset into the memory, its length, and the size of the datagrams in it (0: it is one).
    func payload(of index: Int) -> (offset: Int, length: Int, segment: Int) {
        let length = min(Int(datagrams[index].length), Self.bufferSize)
        let segment = Int(rondo_segment_size(&datagrams[index].header))
        return (index * Self.bufferSize, length, segment > 0 && segment < length ? segment : 0)
    }

    /// Received bytes; valid until the next `fill`.
    func bytes(at offset: Int, count: Int) -> UnsafeBufferPointer<UInt8> {
        // Both come from `payload(of:)`, which keeps them inside the memory; bytes have no alignment or invalid values.
        UnsafeBufferPointer(start: (memory + offset).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// The same bytes, to be changed in their place; valid until the next `fill`.
    func mutableBytes(at offset: Int, count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: (memory + offset).assumingMemoryBound(to: UInt8.self), count: count)
    }
}
