import TotemWire

/// Decoders of the wire: what one accepts, its encoder writes so that it is read as the same again.
enum WireTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        let bytes = input.span
        if let packet = try? Packet(decoding: bytes) { try check(packet, bytes) }
        if let legacy = try? LegacyPacket(decoding: bytes) { try check(legacy, bytes) }
        if let ring = LegacyPacket.salvagedRingID(of: bytes) {
            _ = "\(ring) \(ring.representative)"
            _ = NetlinkLeftovers(input, order: .little)?.releases
        }
        // As if the input were the inside of a packet, which random headers hide for long.
        for order in [ByteOrder.little, .big] {
            try checkFrame(bytes, order)
            if let leftovers = NetlinkLeftovers(input, order: order) {
                _ = leftovers.source
                _ = leftovers.attributes.map { "\($0.address ?? "") \($0.labelLength ?? 0)" }
                _ = leftovers.prefixLength(of: Array(input.prefix(4)))
            }
        }
    }

    private static func check(_ packet: Packet, _ bytes: Span<UInt8>) throws(Finding) {
        var writer = ByteWriter(order: packet.header.order)
        packet.encode(into: &writer)
        try require(writer.count <= bytes.count, "a packet of \(bytes.count) bytes is encoded as \(writer.count)")
        guard let again = try? Packet(decoding: writer.span) else {
            throw Finding("what was decoded cannot be decoded again: \(packet)")
        }
        try require(again == packet, "decoded again it is another packet: \(packet) and \(again)")
        guard case .mcast(let mcast) = packet else { return }
        var header: [UInt8] = []
        for index in 0..<McastHeader.size { header.append(bytes[index]) }
        let original = header
        mcast.overwrite(&header)
        try require(header == original, "overwriting a header with itself changes it")
        try checkFrame(bytes.extracting(droppingFirst: McastHeader.size), mcast.header.order)
    }

    /// Walks over a frame in both ways, and over the names in front of each of its messages.
    private static func checkFrame(_ bytes: Span<UInt8>, _ order: ByteOrder) throws(Finding) {
        if let address = try? GroupAddress(decoding: bytes, order: order) {
            try require(address.dataOffset <= bytes.count, "a message's data begins behind its end")
        }
        guard let frame = try? Frame(decoding: bytes, order: order) else { return }
        var own = Frame.Cursor()
        var other = Frame.Cursor()
        var index = 0
        while let range = frame.nextPart(&own) {
            // Adding up all lengths before each part takes the square of their number.
            if index < 64 { try require(range == frame.partRange(index), "part \(index) lies in two places") }
            try require(Frame.nextPart(of: bytes, order: order, &other) == range, "part \(index) lies in two places")
            try require(range.upperBound <= bytes.count, "part \(index) ends behind the frame")
            if let address = try? GroupAddress(decoding: bytes.extracting(range), order: order) {
                try require(address.dataOffset <= range.count, "a message's data begins behind its end")
            }
            index += 1
        }
        try require(index == frame.partCount, "\(index) parts where \(frame.partCount) are announced")
    }

    private static func check(_ packet: LegacyPacket, _ bytes: Span<UInt8>) throws(Finding) {
        if case .mcast(let mcast) = packet.body {
            try require(mcast.payloadOffset <= bytes.count, "the payload begins behind the packet's end")
        }
    }
}
