import CPosix
import Glibc

/// The arrays one sendmmsg call reads, allocated once.
struct SendBatch: ~Copyable {
    /// What the kernel takes in one call (UIO_MAXIOV).
    static let largest = 1024

    private let datagrams: UnsafeMutablePointer<rondo_datagram>
    private let vectors: UnsafeMutablePointer<iovec>
    private let controls: UnsafeMutableRawPointer
    private(set) var count = 0
    let capacity: Int

    init(capacity: Int) {
        self.capacity = min(capacity, Self.largest)
        datagrams = .allocate(capacity: self.capacity)
        datagrams.initialize(repeating: rondo_datagram(), count: self.capacity)
        vectors = .allocate(capacity: self.capacity)
        vectors.initialize(repeating: iovec(), count: self.capacity)
        controls = .allocate(byteCount: self.capacity * Int(RONDO_SEGMENT_CONTROL_SIZE), alignment: 16)
    }

    deinit {
        datagrams.deallocate()
        vectors.deallocate()
        controls.deallocate()
    }

    mutating func removeAll() { count = 0 }

    /// Adds one send; the caller keeps `bytes` and `address` valid until `send` has returned and adds at most
    /// `capacity` sends.
    mutating func append(
        bytes: UnsafeMutableRawPointer, length: Int, segment: Int,
        address: UnsafeMutablePointer<sockaddr_storage>, addressLength: socklen_t
    ) {
        guard count < capacity else { return }
        vectors[count] = iovec(iov_base: bytes, iov_len: length)
        datagrams[count] = rondo_datagram()
        datagrams[count].header.msg_name = UnsafeMutableRawPointer(address)
        datagrams[count].header.msg_namelen = addressLength
        datagrams[count].header.msg_iov = vectors + count
        datagrams[count].header.msg_iovlen = 1
        if segment > 0, let size = UInt16(exactly: segment) {
            rondo_set_segment_size(
                &datagrams[count].header, controls + count * Int(RONDO_SEGMENT_CONTROL_SIZE), size)
        }
        count += 1
    }

    /// Hands the sends from `first` on to the kernel. Returns how many it took, or −1 and errno when it refused the
    /// first of them.
    func send(from first: Int, descriptor: Int32) -> Int {
        guard first < count else { return 0 }
        while true {
            let sent = rondo_sendmmsg(
                descriptor, datagrams + first, UInt32(count - first), Int32(MSG_NOSIGNAL))
            if sent >= 0 || errno != EINTR { return Int(sent) }
        }
    }

    /// What kernels and drivers answer that cannot cut a payload, or not for this path.
    static func meansNoSegments(_ code: Int32) -> Bool {
        code == EINVAL || code == EIO || code == EMSGSIZE || code == ENOPROTOOPT
    }
}
