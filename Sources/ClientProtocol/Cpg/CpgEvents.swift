import Basics
import ClusterMap
import TotemWire

/// What members of groups are told (spec: ipc.md 6.1). Each function writes a whole event.
extension ByteWriter {
    /// The library copies each list into room for this many without a look (spec: ipc.md 4.4).
    private static let listLimit = 128

    /// A group's membership has changed. Lists beyond 128 entries are cut.
    public mutating func cpgChange(
        group: [UInt8], members: [CpgAddress], left: [CpgAddress], joined: [CpgAddress]
    ) {
        let members = members.prefix(Self.listLimit)
        let left = left.prefix(Self.listLimit)
        let joined = joined.prefix(Self.listLimit)
        begin(4, size: 184 + 24 * (members.count + left.count + joined.count))
        cpgName(group)
        slot(UInt32(members.count))
        slot(UInt32(joined.count))
        slot(UInt32(left.count))
        for address in members { cpgAddress(address) }
        for address in left { cpgAddress(address) }
        for address in joined { cpgAddress(address) }
    }

    /// A message.
    public mutating func cpgDelivery(group: Span<UInt8>, node: NodeID, process: UInt32, payload: Span<UInt8>) {
        reserve(184 + payload.count)
        begin(5, size: 184 + payload.count)
        cpgName(group)
        slot(UInt32(payload.count))
        slot(node.rawValue)
        slot(process)
        bytes(payload)
    }

    /// A piece of a long message.
    public mutating func cpgFragment(
        group: [UInt8], node: NodeID, process: UInt32, messageLength: UInt32, position: CpgFragmentPosition,
        payload: [UInt8]
    ) {
        begin(17, size: 200 + payload.count)
        cpgName(group)
        slot(messageLength)
        slot(UInt32(payload.count))
        slot(node.rawValue)
        slot(process)
        slot(position.rawValue)
        bytes(payload)
    }

    /// The ring has changed. Members beyond 128 are cut.
    public mutating func cpgRing(_ ring: RingID, members: [NodeID]) {
        let members = members.prefix(Self.listLimit)
        let size = 48 + 4 * members.count
        begin(13, size: size)
        ringSlot(ring)
        u32(UInt32(members.count))
        nodes(Array(members))
        fill(to: size)
    }

    /// A group's name, 136 bytes.
    mutating func cpgName(_ name: [UInt8]) { cpgName(name.span) }

    mutating func cpgName(_ name: Span<UInt8>) {
        let end = count + 136
        let name = name.extracting(first: CpgName.capacity)
        slot(UInt32(name.count))
        bytes(name)
        fill(to: end)
    }

    mutating func cpgAddress(_ address: CpgAddress) {
        slot(address.node.rawValue)
        slot(address.process)
        slot(address.reason)
    }
}
