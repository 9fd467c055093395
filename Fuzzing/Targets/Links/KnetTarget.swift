import Links
import TotemWire

/// Datagrams of knet from two hosts, well formed or not, to the decoder, the window of duplicates and the reassembly.
enum KnetTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        try checkWire(input)
        var reader = InputReader(input)
        var receiver = KnetReceiver()
        var operations = 0
        while !reader.isAtEnd, operations < 512 {
            operations += 1
            let kind = reader.u8()
            switch kind {
            case 0..<0xB0: try receiver.take(piece(kind, &reader, receiver))
            case 0xB0..<0xC0:
                guard let link = LinkNumber(0) else { continue }
                let ping = Ping(
                    host: HostID(UInt16(kind & 1)), link: link, stamp: PingStamp(0, 0), sequence: reader.u16(),
                    isForced: kind & 2 != 0)
                receiver.hear(ping, honoursRestart: kind & 4 != 0)
            case 0xC0..<0xC8: receiver.forget(HostID(UInt16(kind & 1)))
            default:
                let bytes = reader.string()
                try checkWire(bytes)
                if case .data(let header) = try? KnetPacket(decoding: bytes.span) {
                    try receiver.take(header, size: bytes.count - DataHeader.size)
                }
            }
        }
        try receiver.checkIsAlive()
    }

    /// What is decoded is encoded and decoded again as the same.
    private static func checkWire(_ bytes: [UInt8]) throws(Finding) {
        guard let packet = try? KnetPacket(decoding: bytes.span) else { return }
        var writer = ByteWriter()
        packet.encode(into: &writer)
        // A data packet needs a byte of payload.
        if case .data = packet { writer.u8(0) }
        guard let again = try? KnetPacket(decoding: writer.span) else {
            throw Finding("what was decoded cannot be decoded again: \(packet)")
        }
        try require(again == packet, "decoded again it is another packet: \(packet) and \(again)")
    }

    /// A piece whose numbers are near those that came last, or any.
    private static func piece(
        _ kind: UInt8, _ reader: inout InputReader, _ receiver: KnetReceiver
    ) -> (header: DataHeader, size: Int) {
        let host = HostID(UInt16(kind & 1))
        let near = receiver.newest(host) &+ UInt16(kind >> 1 & 7) &- 2
        let sequence = kind & 0x80 != 0 ? reader.u16() : near
        let count = kind & 0x10 != 0 ? reader.u8() : 3
        let index = kind & 0x20 != 0 ? reader.u8() : UInt8(reader.below(3)) &+ 1
        let size = kind & 0x40 != 0 ? Int(reader.u16()) &+ 1 : 4
        return (
            DataHeader(
                host: host, sequence: max(sequence, 1), isMulticast: true, pieceCount: count, pieceIndex: index), size
        )
    }
}

/// What a node keeps of its hosts, with checks of all that comes out.
private struct KnetReceiver {
    private var reassembly = Reassembly()
    private var windows = [DuplicateWindow(), DuplicateWindow(), DuplicateWindow()]
    private var newest: [UInt16] = [1, 1, 1]

    func newest(_ host: HostID) -> UInt16 { newest[index(host)] }

    /// Hosts other than 0 and 1 are all one.
    private func index(_ host: HostID) -> Int { min(Int(host.rawValue), 2) }

    mutating func take(_ piece: (header: DataHeader, size: Int)) throws(Finding) {
        try take(piece.header, size: piece.size)
    }

    mutating func take(_ header: DataHeader, size: Int) throws(Finding) {
        let host = index(header.host)
        let rule: DuplicateWindow.BehindRule = header.sequence & 4 == 0 ? .follow : .refuse
        guard windows[host].judge(header.sequence, behind: rule) == .fresh else { return }
        newest[host] = header.sequence
        // Every byte tells of which piece of which packet it is.
        let bytes = [UInt8](repeating: header.pieceIndex ^ Self.mask(header), count: size)
        let outcome = reassembly.take(header, bytes.span, window: &windows[host])
        try require(reassembly.count <= Reassembly.limit, "\(reassembly.count) packets wait")
        guard case .complete(let whole) = outcome else { return }
        try check(whole, header)
        windows[host].markDelivered(header.sequence)
        try require(
            windows[host].judge(header.sequence, behind: .refuse) == .duplicate,
            "packet \(header.sequence) can be delivered twice")
    }

    private static func mask(_ header: DataHeader) -> UInt8 {
        UInt8(truncatingIfNeeded: header.sequence &* 0x35) ^ UInt8(truncatingIfNeeded: header.host.rawValue &* 0x1D)
    }

    /// All pieces in their order, each of one size but the last, which is not longer.
    private func check(_ whole: Reassembly.Whole, _ header: DataHeader) throws(Finding) {
        let bytes = reassembly.bytes(of: whole)
        try require(bytes.count == whole.length, "\(bytes.count) bytes where \(whole.length) are announced")
        try require(whole.length <= 65_536, "a packet of \(whole.length) bytes")
        var sizes: [Int] = []
        for position in bytes.indices {
            let index = Int(bytes[position] ^ KnetReceiver.mask(header))
            if index == sizes.count + 1 { sizes.append(0) }
            try require(index == sizes.count, "byte \(position) is of piece \(index), not of \(sizes.count)")
            sizes[sizes.count - 1] += 1
        }
        try require(sizes.count == Int(header.pieceCount), "\(sizes.count) pieces of \(header.pieceCount)")
        guard let first = sizes.first, let last = sizes.last else { return }
        try require(sizes.dropLast().allSatisfy { $0 == first } && last <= first, "pieces of \(sizes) bytes")
    }

    mutating func hear(_ ping: Ping, honoursRestart: Bool) {
        if windows[index(ping.host)].hear(ping, honoursRestart: honoursRestart) == .restarted {
            reassembly.forget(ping.host)
            newest[index(ping.host)] = 1
        }
    }

    mutating func forget(_ host: HostID) {
        windows[index(host)].forget()
        reassembly.forget(host)
    }

    /// Whatever has come, a host that begins anew is heard.
    mutating func checkIsAlive() throws(Finding) {
        for host in [HostID(0), HostID(1)] {
            forget(host)
            var completed = false
            let zero: [UInt8] = [0]
            for piece in 1...2 as ClosedRange<UInt8> {
                let header = DataHeader(
                    host: host, sequence: 1, isMulticast: true, pieceCount: 2, pieceIndex: piece)
                guard windows[index(host)].judge(1, behind: .refuse) == .fresh else {
                    throw Finding("the first packet of a host is refused")
                }
                if case .complete = reassembly.take(header, zero.span, window: &windows[index(host)]) {
                    completed = true
                }
            }
            try require(completed, "the first packet of a host does not come together")
        }
    }
}
