import Basics
import Glibc
import Links
import Sealing

/// One datagram of a received batch, and where it came from.
struct ReceivedLinkDatagram {
    var offset: Int
    var length: Int
    var source: SocketAddress
    /// The key that has opened it already; its bytes are plain then.
    var opened: KeySlot?
}

/// The sockets of knet links: seals and sends what the links want sent in as few system calls as the kernel allows, opens
/// what arrives, and tells the links what kernel and network say of datagrams that did not arrive (spec: knet.md 10, 11).
///
/// What goes wrong at one target is felt by no other. Nothing is ever waited for: a datagram for which there is no room is
/// lost, as it may be on the way.
///
/// Not thread-safe; belongs to the thread of the main loop.
public final class KnetTransport {
    public internal(set) var statistics = TransportStatistics()
    /// How long sealing and compressing take.
    public internal(set) var times = WorkTimes()
    var stopwatch = Stopwatch()
    /// The keys. Which of them seals, the links say.
    public var keys = SealingSlots()
    /// What the newest of the keys was made of, so that a reload can tell whether it has another; nil in a clear ring.
    public var key: SecretKey?

    /// Bytes that sealing adds at most: a salt, a block and the longest hash (spec: knet.md 3).
    static let largestOverhead = 16 + 16 + 64

    /// By their numbers.
    var sockets: [LinkSocket?] = []
    var arena = SendArena(capacity: 256 * 1024)
    var plan: [PlannedLinkSend] = []
    /// What was to leave by sockets that are closed, because their address is gone.
    var unsent: [(packet: Outgoing, target: LinkTarget)] = []
    var batch = SendBatch(capacity: SendBatch.largest)
    /// The kernel's form of the targets of one batch.
    let addresses: UnsafeMutablePointer<sockaddr_storage>
    var incoming = ReceiveBatch(capacity: 16)
    var received: [ReceivedLinkDatagram] = []
    var decompressor = Decompressor()
    /// Nil while nothing is compressed.
    public var compressor: Compressor?
    private let serviceCodePoint: UInt8
    /// Memory for a packet that is compressed here, and for one that is decompressed; each `Decompressor.longest` bytes, of
    /// which a ring that compresses nothing touches none.
    let compressed: UnsafeMutableBufferPointer<UInt8>
    let decompressed: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter codePoint: differentiated services code point of what is sent, 0 for libknet's low delay (RFC 2474).
    public init(serviceCodePoint codePoint: UInt8 = 0) {
        serviceCodePoint = codePoint
        addresses = .allocate(capacity: SendBatch.largest)
        addresses.initialize(repeating: sockaddr_storage(), count: SendBatch.largest)
        compressed = .allocate(capacity: Decompressor.longest)
        decompressed = .allocate(capacity: Decompressor.longest)
        plan.reserveCapacity(256)
        received.reserveCapacity(256)
    }

    deinit {
        addresses.deallocate()
        compressed.deallocate()
        decompressed.deallocate()
    }

    // MARK: Sockets

    /// Opens the socket that the links have asked for.
    ///
    /// - Returns: its descriptor: readable when datagrams wait, in error when `readErrors` has something to read.
    public func open(_ number: SocketNumber, at own: SocketAddress) throws(TransportError) -> Int32 {
        let socket = try LinkSocket(number, own, codePoint: serviceCodePoint)
        let index = Int(number.rawValue)
        while sockets.count <= index { sockets.append(nil) }
        sockets[index] = socket
        return socket.descriptor
    }

    /// Throws why `open` would fail for an own address.
    public static func tryOpening(_ own: SocketAddress) throws(TransportError) {
        _ = try LinkSocket(SocketNumber(0), own)
    }

    /// Closes a socket that no link uses any more.
    public func close(_ number: SocketNumber) {
        guard socket(number) != nil else { return }
        sockets[Int(number.rawValue)] = nil
    }

    /// Wipes what lies in slots that hold no key any more.
    ///
    /// - Parameter state: which keys are in use.
    public func wipeKeys(_ state: KeySlots) {
        for slot in SealingSlots.Slot.allCases where !state.isFilled(slot.keySlot) { keys.set(slot, nil) }
        if keys.isEmpty { key = nil }
    }

    /// The descriptor of a socket that is open.
    public func descriptor(of number: SocketNumber) -> Int32? { socket(number)?.descriptor }

    /// Of all open sockets.
    public var descriptors: [Int32] { sockets.compactMap { $0?.descriptor } }

    func socket(_ number: SocketNumber) -> LinkSocket? {
        let index = Int(number.rawValue)
        return index < sockets.count ? sockets[index] : nil
    }
}
