import Basics
import CPosix
import Glibc
import TotemWire

/// Totem over UDP, a packet in a datagram: to the successor for a token; for a multicast to every configured node (udpu,
/// spec: transports.md 3), or once to all of them with multicast or broadcast (udp, section 4).
///
/// Without a group one unconnected socket, bound to the node's own address and port, sends and receives everything. With one
/// that socket only receives, two more hear the group and send. A batch of queued datagrams leaves in as few system calls
/// as the kernel allows, and a batch of received ones comes in with one. The node's own messages never pass through here:
/// the ring hands them to itself in memory.
///
/// Not thread-safe; belongs to the thread of the main loop.
public final class UDPTransport {
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
    public internal(set) var own: SocketAddress
    public var address: IPAddress { own.address }
    public var port: UInt16 { own.port }
    public let node: NodeID
    /// Becomes readable when datagrams to the own address are waiting.
    public let descriptor: Int32
    /// Becomes readable when datagrams to the group are waiting; nil without a group.
    public var groupDescriptor: Int32? { group?.receiver }
    /// Whether the last `receiveMulticasts` may have left some.
    public internal(set) var holdsMoreMulticasts = false
    public internal(set) var statistics = TransportStatistics()
    /// Whether datagrams from addresses outside the member list are dropped (`totem.block_unlisted_ips`).
    public var blocksUnlistedAddresses: Bool
    /// Whether the own address is usable; while it is not, nothing is sent or received.
    public internal(set) var interfaceState = InterfaceState.regular

    let configuredAddress: IPAddress
    let serviceCodePoint: UInt8
    /// The configured address is on no interface, and another one of its network is used in its place.
    public internal(set) var usesSubstitute: Bool
    var group: GroupSockets?
    let sendingDescriptor: Int32
    let questions: QuestionSocket
    /// Reports an error when a machine has refused what `ask` sent it: `takeRefusals` then tells.
    public var questionDescriptor: Int32 { questions.descriptor }
    private var largestSegment = 0
    var members: MemberTable
    var arena = SendArena(capacity: 256 * 1024)
    var queue: [QueuedDatagram] = []
    var plan = SendPlan()
    var batch = SendBatch(capacity: SendBatch.largest)
    var incoming = ReceiveBatch(capacity: 16)
    var received: [ReceivedDatagram] = []

    /// Opens the transport.
    ///
    /// - Parameters:
    ///   - wanted: the node's own address from the nodelist; it may also name the network of an interface
    ///     (spec: transports.md 3.10). With a group it may be absent, or down: `interfaceState` tells.
    ///   - port: `mcastport`; 0 takes any free port, for tests.
    ///   - members: all configured nodes; the own one may be among them.
    ///   - target: to whom multicasts go at once; nil: to each member.
    ///   - codePoint: differentiated services code point of what is sent, 0 for none (RFC 2474).
    ///   - retry: called after each attempt that found the port in use, with the number of the attempt; waits and
    ///     returns true to try again. Without it the first failure is final.
    public init(
        address wanted: IPAddress, port: UInt16, node: NodeID, members list: [Member], group target: UDPGroup? = nil,
        blocksUnlistedAddresses: Bool = true, serviceCodePoint codePoint: UInt8 = 0, retry: ((Int) -> Bool)? = nil
    ) throws(TransportError) {
        let interface = try Self.interface(of: wanted, mayBeDown: target != nil)
        let sockets = try UDPSockets.open(
            SocketAddress(interface.address, zone: interface.zone, port: port), target, on: interface,
            codePoint: codePoint, retry: retry)
        do throws(TransportError) {
            questions = try QuestionSocket(sockets.own, mayBeAbsent: target != nil)
        } catch {
            sockets.close()
            throw error
        }
        own = sockets.own
        descriptor = sockets.descriptor
        group = sockets.group
        sendingDescriptor = sockets.group?.sender ?? sockets.descriptor
        configuredAddress = wanted
        serviceCodePoint = codePoint
        usesSubstitute = interface.address != wanted && !wanted.isLinkLocal
        interfaceState = interface.isUp ? .regular : .loopback
        self.node = node
        self.blocksUnlistedAddresses = blocksUnlistedAddresses
        members = MemberTable(capacity: max(list.count, 8))
        queue.reserveCapacity(256)
        received.reserveCapacity(256)
        adapt(to: interface)
        for member in list { try add(member) }
    }

    deinit {
        close(descriptor)
        group?.close()
    }

    private static func interface(
        of wanted: IPAddress, mayBeDown: Bool
    ) throws(TransportError) -> InterfaceAddress {
        guard mayBeDown else { return try .usable(for: wanted) }
        if let found = InterfaceAddress.own(for: wanted, among: InterfaceAddress.ofThisMachine()) { return found }
        // It has a meaning on its interface only.
        guard !wanted.isLinkLocal else { throw .addressNotLocal(wanted) }
        return InterfaceAddress(interface: "", address: wanted, netmask: nil, isUp: false, index: 0)
    }

    /// Takes over what depends on the interface by which datagrams leave.
    func adapt(to interface: InterfaceAddress) {
        let headers: Int32 = own.address.family == .v4 ? 28 : 48
        let mtu = rondo_interface_mtu(descriptor, interface.index)
        largestSegment = Int(min(max(mtu, headers) - headers, Int32(UInt16.max)))
        members.setLargestSegment(largestSegment)
        if let group {
            members.setGroup(
                group.group.target(port: own.port, interface: interface.index), largestSegment: largestSegment)
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
}
