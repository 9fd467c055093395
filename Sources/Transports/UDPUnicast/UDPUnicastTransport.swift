import Basics
import CPosix
import Glibc
import TotemWire

/// Totem over unicast UDP: one datagram to every configured node for a multicast, one to the successor for a token
/// (spec: transports.md 3).
///
/// One unconnected socket, bound to the node's own address and port, sends and receives everything. A batch of queued
/// datagrams leaves in as few system calls as the kernel allows, and a batch of received ones comes in with one. The
/// node's own messages never pass through here: the ring hands them to itself in memory.
///
/// Not thread-safe; belongs to the thread of the main loop.
public final class UDPUnicastTransport {
    /// A configured node.
    public struct Member: Sendable, Equatable {
        public var node: NodeID
        public var address: IPAddress

        public init(node: NodeID, address: IPAddress) {
            self.node = node
            self.address = address
        }
    }

    /// What the socket is bound to: the own address, as found on an interface of this machine, and `mcastport`.
    public private(set) var own: SocketAddress
    public var address: IPAddress { own.address }
    public var port: UInt16 { own.port }
    public let node: NodeID
    /// Becomes readable when datagrams are waiting.
    public let descriptor: Int32
    public internal(set) var statistics = TransportStatistics()
    /// Whether datagrams from addresses outside the member list are dropped (`totem.block_unlisted_ips`).
    public var blocksUnlistedAddresses: Bool
    /// Whether the own address is usable; while it is not, nothing is sent or received.
    public internal(set) var interfaceState = InterfaceState.regular

    let configuredAddress: IPAddress
    /// The configured address is on no interface, and another one of its network is used in its place.
    private(set) var usesSubstitute: Bool
    private var largestSegment: Int
    private var members: MemberTable
    private var arena = SendArena(capacity: 256 * 1024)
    private var queue: [QueuedDatagram] = []
    private var plan = SendPlan()
    private var batch = SendBatch(capacity: SendBatch.largest)
    private var incoming = ReceiveBatch(capacity: 16)
    private var received: [ReceivedDatagram] = []

    /// Opens the transport.
    ///
    /// - Parameters:
    ///   - wanted: the node's own address from the nodelist; it may also name the network of an interface
    ///     (spec: transports.md 3.10).
    ///   - port: `mcastport`; 0 takes any free port, for tests.
    ///   - members: all configured nodes; the own one may be among them.
    ///   - retry: called after each attempt that found the port in use, with the number of the attempt; waits and
    ///     returns true to try again. Without it the first failure is final.
    public init(
        address wanted: IPAddress, port: UInt16, node: NodeID, members list: [Member],
        blocksUnlistedAddresses: Bool = true, retry: ((Int) -> Bool)? = nil
    ) throws(TransportError) {
        let interface = try InterfaceAddress.usable(for: wanted)
        own = SocketAddress(interface.address, zone: interface.zone, port: port)
        descriptor = try Self.bind(own, retry: retry)
        if port == 0 { own.port = UDPSocket.port(of: descriptor) }
        configuredAddress = wanted
        usesSubstitute = interface.address != wanted && !wanted.isLinkLocal
        self.node = node
        self.blocksUnlistedAddresses = blocksUnlistedAddresses

        let headers: Int32 = interface.address.family == .v4 ? 28 : 48
        let mtu = rondo_interface_mtu(descriptor, interface.index)
        largestSegment = Int(min(max(mtu, headers) - headers, Int32(UInt16.max)))
        members = MemberTable(capacity: max(list.count, 8))
        queue.reserveCapacity(256)
        received.reserveCapacity(256)
        for member in list { try add(member) }
    }

    deinit { close(descriptor) }

    /// Binds the descriptor to the configured address; false, and nothing has changed, when that does not work.
    func rebind() -> Bool {
        let configured = SocketAddress(configuredAddress, port: port)
        guard let fresh = try? UDPSocket.open(configured) else { return false }
        defer { close(fresh) }
        // The number stays, so that nobody has to learn a new one.
        guard dup2(fresh, descriptor) >= 0 else { return false }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        own = configured
        usesSubstitute = false
        return true
    }

    private static func bind(_ own: SocketAddress, retry: ((Int) -> Bool)?) throws(TransportError) -> Int32 {
        var attempt = 1
        while true {
            do {
                return try UDPSocket.open(own)
            } catch TransportError.portInUse {
                guard let retry, retry(attempt) else {
                    throw .portInUse(own.address, port: own.port, attempts: attempt)
                }
                attempt += 1
            } catch {
                throw error
            }
        }
    }

    // MARK: Members

    /// The configured nodes other than the own one.
    public var configuredMembers: [Member] { members.members }

    /// Adds a node; adding one that is there already changes nothing, a known node id with a new address moves it.
    /// Returns whether anything changed.
    @discardableResult
    public func add(_ member: Member) throws(TransportError) -> Bool {
        guard member.node != node else { return false }
        guard member.address.family == address.family else {
            throw .mixedFamilies(own: address, member: member.address)
        }
        return members.add(member, from: own, largestSegment: largestSegment)
    }

    /// Removes a node from the destinations and the accepted sources; returns it, or nil when it was not there.
    @discardableResult
    public func remove(_ node: NodeID) -> Member? {
        flush()
        return members.remove(node)
    }

    // MARK: Sending

    /// Copies a datagram into the batch that the next `flush` sends; one to the own node or to an unknown one is dropped.
    public func queue(_ bytes: Span<UInt8>, to destination: PacketDestination) {
        guard !bytes.isEmpty else { return }
        var target: Int?
        if case .node(let node) = destination {
            guard let index = members.index(of: node) else { return }
            target = index
        }
        let offset = arena.append(bytes)
        queue.append(QueuedDatagram(offset: offset, length: bytes.count, destination: target))
        if queue.count >= 1024 || arena.used >= 4 << 20 { flush() }
    }

    /// Sends the batch. Failures are counted and otherwise ignored: the ring recovers from lost datagrams.
    public func flush() {
        guard !queue.isEmpty else { return }
        defer {
            queue.removeAll(keepingCapacity: true)
            arena.removeAll()
        }
        guard interfaceState == .regular else { return }
        if queue.count == 1, let target = queue[0].destination { return sendAlone(queue[0], to: target) }
        plan.make(queue, for: members.destinations)
        var next = 0
        while next < plan.sends.count {
            let end = min(next + batch.capacity, plan.sends.count)
            fill(next..<end)
            sendBatch(planned: next..<end)
            next = end
        }
    }

    /// A token without messages, as most are: no plan and no batch.
    private func sendAlone(_ datagram: QueuedDatagram, to target: Int) {
        guard let bytes = arena.address(of: datagram.offset) else { return }
        let (address, addressLength) = members.socketAddress(target)
        while true {
            // The arena holds `length` bytes from there on.
            let sent = rondo_send_datagram(
                descriptor, bytes, datagram.length, Int32(MSG_NOSIGNAL), address, addressLength)
            if sent < 0, errno == EINTR { continue }
            statistics.sendCalls += 1
            guard sent >= 0 else { return fail(1) }
            statistics.sentDatagrams += 1
            statistics.sentBytes += UInt64(datagram.length)
            statistics.consecutiveSendErrors = 0
            return
        }
    }

    private func fill(_ range: Range<Int>) {
        batch.removeAll()
        for index in range { append(plan.sends[index]) }
    }

    private func append(_ send: PlannedSend) {
        guard let bytes = arena.address(of: send.offset) else { return }
        let (target, length) = members.socketAddress(send.destination)
        batch.append(
            bytes: bytes, length: send.length, segment: send.segment, address: target, addressLength: length)
    }

    private func sendBatch(planned range: Range<Int>) {
        var first = 0
        while first < range.count {
            let sent = batch.send(from: first, descriptor: descriptor)
            let code = errno
            statistics.sendCalls += 1
            for index in first..<(first + max(sent, 0)) { count(plan.sends[range.lowerBound + index]) }
            if sent > 0 {
                first += sent
            } else {
                let refused = plan.sends[range.lowerBound + first]
                first += 1
                guard refused.segment > 0, SendBatch.meansNoSegments(code) else {
                    fail(refused.datagrams)
                    continue
                }
                members.refuseSegments(refused.destination)
                sendSingly(refused)
                fill(range)
            }
        }
    }

    /// Sends the datagrams of a refused group one by one.
    private func sendSingly(_ group: PlannedSend) {
        batch.removeAll()
        var offset = 0
        while offset < group.length {
            let length = min(group.segment, group.length - offset)
            append(
                PlannedSend(
                    destination: group.destination, offset: group.offset + offset, length: length, segment: 0,
                    datagrams: 1))
            offset += length
        }
        var first = 0
        while first < batch.count {
            let sent = batch.send(from: first, descriptor: descriptor)
            statistics.sendCalls += 1
            if sent > 0 {
                statistics.sentDatagrams += UInt64(sent)
                first += sent
            } else {
                fail(1)
                first += 1
            }
        }
        statistics.sentBytes += UInt64(group.length)
    }

    private func count(_ send: PlannedSend) {
        statistics.sentDatagrams += UInt64(send.datagrams)
        statistics.sentBytes += UInt64(send.length)
        if send.segment > 0 { statistics.segmentedSends += 1 }
        statistics.consecutiveSendErrors = 0
    }

    private func fail(_ datagrams: Int) {
        statistics.sendErrors += UInt64(datagrams)
        statistics.consecutiveSendErrors += 1
    }

    // MARK: Receiving

    /// Reads one batch. Returns how many datagrams `datagram(_:)` and `source(_:)` now offer, in order of arrival;
    /// 0 when nothing acceptable was queued. They stay valid until the next call.
    public func receive() -> Int {
        received.removeAll(keepingCapacity: true)
        let payloads = incoming.fill(from: descriptor)
        statistics.receiveCalls += 1
        guard payloads > 0 else { return 0 }
        guard interfaceState == .regular else {
            statistics.discarded += UInt64(payloads)
            return 0
        }
        for index in 0..<payloads { accept(index) }
        return received.count
    }

    private func accept(_ index: Int) {
        if incoming.isTruncated(index) {
            statistics.truncated += 1
            return
        }
        let (offset, length, segment) = incoming.payload(of: index)
        guard let source = incoming.source(of: index)?.address, !blocksUnlistedAddresses || members.contains(source)
        else {
            statistics.rejectedSources += 1
            return
        }
        statistics.receivedBytes += UInt64(length)
        guard segment > 0 else {
            statistics.receivedDatagrams += 1
            received.append(ReceivedDatagram(offset: offset, length: length, source: source))
            return
        }
        statistics.joinedReceives += 1
        var position = 0
        while position < length {
            let piece = min(segment, length - position)
            statistics.receivedDatagrams += 1
            received.append(ReceivedDatagram(offset: offset + position, length: piece, source: source))
            position += piece
        }
    }

    /// The bytes of a datagram of the last `receive`; empty for an index outside it.
    @_lifetime(borrow self)
    public func datagram(_ index: Int) -> Span<UInt8> {
        guard received.indices.contains(index) else { return Span() }
        let place = received[index]
        // The memory lives as long as the transport; only the next `receive` overwrites it.
        let bytes = incoming.bytes(at: place.offset, count: place.length)
        return _overrideLifetime(bytes.span, borrowing: self)
    }

    /// Who sent a datagram of the last `receive`; nil for an index outside it.
    public func source(_ index: Int) -> IPAddress? {
        received.indices.contains(index) ? received[index].source : nil
    }
}
