import Basics
import Glibc
import TotemWire

/// The nodes a transport sends to, with their socket addresses in the kernel's form.
///
/// Every configured node stays in it, alive or not: multicasts go to all of them, so that merge detection reaches
/// nodes outside the ring (spec: transports.md 3.6, 3.7). The own node is never a destination.
struct MemberTable: ~Copyable {
    private(set) var members: [UDPUnicastTransport.Member] = []
    private(set) var destinations: [SendDestination] = []
    private var sources: [IPAddress] = []
    private var addresses: UnsafeMutablePointer<sockaddr_storage>
    private var lengths: [socklen_t] = []
    private var capacity: Int

    /// Room for `capacity` members; grows when more come.
    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        addresses = .allocate(capacity: self.capacity)
        addresses.initialize(repeating: sockaddr_storage(), count: self.capacity)
    }

    deinit { addresses.deallocate() }

    /// Adds a member unless a member with this node id and address is there already; a known node id with another
    /// address takes the new address. It is reached from `own`: at the same port, and a link-local one in the same zone.
    mutating func add(_ member: UDPUnicastTransport.Member, from own: SocketAddress, largestSegment: Int) -> Bool {
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

    mutating func remove(_ node: NodeID) -> UDPUnicastTransport.Member? {
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

    /// The destination takes no segmented sends from now on: something on its path refused one.
    mutating func refuseSegments(_ index: Int) { destinations[index].largestSegment = 0 }

    /// The kernel's form of a member's address; valid until the next change of the table.
    func socketAddress(_ index: Int) -> (UnsafeMutablePointer<sockaddr_storage>, socklen_t) {
        (addresses + index, lengths[index])
    }

    private mutating func listSources() { sources = members.map(\.address).sorted() }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<sockaddr_storage>.allocate(capacity: capacity * 2)
        larger.initialize(repeating: sockaddr_storage(), count: capacity * 2)
        larger.update(from: addresses, count: capacity)
        addresses.deallocate()
        addresses = larger
        capacity *= 2
    }
}
