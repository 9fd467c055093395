import Basics
import CaptureFiles
import TotemWire

/// How nodes and rings of 1.x and 2.x are named: by IP address, as they knew each other.
enum LegacyNames {
    static func ring(_ ring: LegacyRingID) -> String { "\(ring.representative) seq \(ring.sequence)" }

    /// The address a node id was made from: that of `known` when it has this id, or of the packet's sender when the id
    /// was made from it; otherwise the number.
    static func node(
        _ node: NodeID, _ order: ByteOrder, known: LegacyAddress?, _ context: Dissector.Context
    ) -> String {
        if let known, known.nodeID == node, known.isNodeIDOfAddress(order) { return "\(known)" }
        guard case .v4(let address) = context.source?.address else { return "\(node)" }
        // 1.x reads the four bytes in its own order, 2.x in network order.
        let own = order == .little ? address.byteSwapped : address
        return node.rawValue == own || node.rawValue == address ? "\(IPAddress.v4(address))" : "\(node)"
    }
}

extension LegacyPacket {
    /// An address in the packet that may be its sender's.
    var candidate: LegacyAddress {
        switch body {
        case .orfToken(let token): token.ringID.representative
        case .mcast(let mcast): mcast.systemFrom.primary
        case .mergeDetect(let merge): merge.systemFrom.primary
        case .join(let join): join.systemFrom.primary
        case .commitToken(let token): token.ringID.representative
        case .holdCancel(let ring): ring.representative
        }
    }

    /// The name of the ring it belongs to; nil for a join.
    var ringName: String? {
        switch body {
        case .orfToken(let token): LegacyNames.ring(token.ringID)
        case .mcast(let mcast): LegacyNames.ring(mcast.ringID)
        case .mergeDetect(let merge): LegacyNames.ring(merge.ringID)
        case .join: nil
        case .commitToken(let token): LegacyNames.ring(token.ringID)
        case .holdCancel(let ring): LegacyNames.ring(ring)
        }
    }
}

extension FieldList {
    mutating func legacyHeader(_ header: LegacyHeader, _ sender: String) {
        if header.generation != .corosync1 {
            add(header.generation.envelopeSize, "envelope", .text(header.generation.rawValue), "no encryption")
        }
        add(1, "type", .number(header.type.rawValue), header.type.logName)
        add(1, "encapsulated", .number(header.encapsulated))
        add(
            2, "endian_detector", .hexadecimal(UInt64(LegacyHeader.endianDetector)),
            header.order == .little ? "little-endian sender" : "big-endian sender")
        let meaning = sender == "\(header.nodeID)" ? "" : "made from the address \(sender)"
        add(4, "nodeid", .node(header.nodeID), header.nodeID == .none ? "0: this is a leave" : meaning)
    }

    mutating func legacyAddress(_ name: String, _ address: LegacyAddress, _ order: ByteOrder, _ meaning: String) {
        var item = FieldList(at: offset)
        item.add(
            4, "nodeid", .node(address.nodeID),
            address.isNodeIDOfAddress(order) ? "the address, read as a number in the sender's byte order" : "")
        item.add(2, "family", .text("\(address.family)"))
        let size = address.family == .ipv4 ? 4 : 16
        item.add(size, "address", .text("\(address)"))
        if address.family == .ipv4 { item.leftovers(of: address, order) }
        add(name, item, address.isUnused ? "not configured" : meaning)
    }

    mutating func legacyRing(_ name: String, _ ring: LegacyRingID, _ order: ByteOrder, _ meaning: String) {
        var item = FieldList(at: offset)
        item.legacyAddress("rep", ring.representative, order, "the representative")
        item.add(8, "seq", .number(ring.sequence))
        add(name, item, meaning)
    }

    mutating func legacyNode(_ name: String, _ node: LegacyNode, _ order: ByteOrder, _ meaning: String) {
        var item = FieldList(at: offset)
        if let count = node.addressCount { item.add(1, "no_addrs", .number(count)) }
        for (index, address) in node.addresses.enumerated() {
            item.legacyAddress("addr[\(index)]", address, order, "ring \(index)")
        }
        add(name, item, meaning)
    }

    /// The 12 bytes behind an IPv4 address: nothing, leftovers of a netlink message, or other leftovers.
    private mutating func leftovers(of address: LegacyAddress, _ order: ByteOrder) {
        let leftovers = address.leftovers
        guard !leftovers.isEmpty else {
            skip(12)
            return
        }
        let text = leftovers.map { String(256 + Int($0), radix: 16).dropFirst() }.joined(separator: " ")
        guard let netlink = NetlinkLeftovers(leftovers, order: order) else {
            add(12, "leftovers", .text(text), "memory behind the address, without meaning")
            return
        }
        let start = offset
        add(12, "leftovers", .text(text), "without meaning to the ring: the rest of a netlink message")
        for attribute in netlink.attributes {
            let meaning =
                attribute.address.map { "\($0)" }
                ?? attribute.labelLength.map { "an interface name of \(counted($0, "character")), cut off" } ?? ""
            note("netlink \(attribute.kind.name)", .text("length \(attribute.length)"), meaning)
        }
        if let source = netlink.source, let releases = netlink.releases {
            note(
                "netlink source", .text(source.name), "the attribute the address was copied from: Corosync \(releases)")
        }
        if let prefix = netlink.prefixLength(of: address.bytes), let broadcast = netlink.broadcast {
            let network = zip(address.bytes, 0..<4).map { byte, index in
                byte & UInt8(truncatingIfNeeded: (UInt32.max << UInt32(32 - prefix)) >> UInt32(24 - 8 * index))
            }
            note(
                "network", .text(network.map(String.init).joined(separator: ".") + "/\(prefix)"),
                "follows from address and broadcast .\(broadcast[3])")
        }
        skip(start + 12 - offset)
    }
}
