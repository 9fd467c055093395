import Basics
import Glibc
import TotemWire

/// The nodes a transport sends to, with their socket addresses in the kernel's form.
///
/// Every configured node stays in it, alive or not: multicasts go to all of them, so that merge detection reaches
/// nodes outside the ring (spec: transports.md 3.6, 3.7). The own node is never a destination.
struct MemberTable: ~Copyable {
    private(set) var members: [UDPTransport.Member] = []
    private(set) var destinations: [SendDestination] = []
    /// Whom one datagram reaches in place of one to each; nil without such an address.
    private(set) var group: SendDestination?
    private var groupLength: socklen_t = 0
    /// One more than there is room for: the group's is the last.
    private var sources: [IPAddress] = []
    private var addresses: UnsafeMutablePointer<sockaddr_storage>
    private var lengths: [socklen_t] = []
    private var capacity: Int

    /// Room for `capacity` members; grows when more come.
    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        addresses = .allocate(capacity: self.capacity + 1)
        addresses.initialize(repeating: sockaddr_storage(), count: self.capacity + 1)
    }

    deinit { addresses.deallocate() }

    /// Adds a member unless a member with this node id and address is there already; a known node id with another
    /// address takes the new address. It is reached from `own`: at the same port, and a link-local one in the same zone.
    mutating func add(_ member: UDPTransport.Member, from own: SocketAddress, largestSegment: Int) -> Bool {
        let target = SocketAddress(
            member.address, zone: member.address.isLinkLocal ? own.zone : 0, port: own.port)
        if let index = members.firstIndex(where: { $0.node == member.node }) {
            guard members[index].address != member.address else { return false }
            members[index] = member
            destinations[index].largestSegment = largestSegment
            lengths[index] = SocketAddressStorage.write(target, into: &addresses[index])
        } else {
            if members.count == capacity { grow() }
            lengths.append(SocketAddressStorage.write(target, into: &addresses[members.count]))
            members.append(member)
            destinations.append(SendDestination(largestSegment: largestSegment))
        }
        listSources()
        return true
    }

    mutating func remove(_ node: NodeID) -> UDPTransport.Member? {
        guard let index = members.firstIndex(where: { $0.node == node }) else { return nil }
        let removed = members.remove(at: index)
        destinations.remove(at: index)
        lengths.remove(at: index)
        for position in index..<members.count { addresses[position] = addresses[position + 1] }
        listSources()
        return removed
    }

    func index(of node: NodeID) -> Int? { members.firstIndex { $0.node == node } }

    func contains(_ source: IPAddress) -> Bool {
        var low = 0
        var high = sources.count
        while low < high {
            let middle = (low + high) / 2
            if sources[middle] == source { return true }
            if sources[middle] < source { low = middle + 1 } else { high = middle }
        }
        return false
    }

    mutating func setGroup(_ target: SocketAddress, largestSegment: Int) {
        groupLength = SocketAddressStorage.write(target, into: &addresses[capacity])
        group = SendDestination(largestSegment: largestSegment)
    }

    /// Of all members.
    mutating func setLargestSegment(_ bytes: Int) {
        for index in destinations.indices { destinations[index].largestSegment = bytes }
    }

    /// The destination, or the group, takes no segmented sends from now on: something on its path refused one.
    mutating func refuseSegments(_ index: Int?) {
        if let index { destinations[index].largestSegment = 0 } else { group?.largestSegment = 0 }
    }

    /// The kernel's form of a member's address, or the group's; valid until the next change of the table.
    func socketAddress(_ index: Int?) -> (UnsafeMutablePointer<sockaddr_storage>, socklen_t) {
        guard let index else { return (addresses + capacity, groupLength) }
        return (addresses + index, lengths[index])
    }

    private mutating func listSources() { sources = members.map(\.address).sorted() }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<sockaddr_storage>.allocate(capacity: capacity * 2 + 1)
        larger.initialize(repeating: sockaddr_storage(), count: capacity * 2 + 1)
        larger.update(from: addresses, count: capacity)
        larger[capacity * 2] = addresses[capacity]
        addresses.deallocate()
        addresses = larger
        capacity *= 2
    }
}
