import Basics

/// Takes UDP datagrams out of captured frames, one frame after the other, and puts fragments together on the way.
public struct DatagramExtractor: Sendable {
    private var assembler = FragmentAssembler()

    public init() {}

    /// IP packets of which fragments are still missing.
    public var incompleteCount: Int { assembler.incompleteCount }

    public mutating func extract(_ frame: CapturedFrame) -> Extraction {
        let bytes = frame.bytes.span
        switch LinkLayer.content(of: bytes, frame.linkType) {
        case .other(let reason): return .other(reason)
        case .bare:
            return .datagram(
                Datagram(
                    frameNumber: frame.number, time: frame.time, source: frame.source, destination: frame.destination,
                    payload: frame.bytes))
        case .ip(let offset):
            do throws(IPLayer.Malformed) {
                return extract(frame, try IPLayer(bytes, at: offset))
            } catch {
                return .other(error.reason)
            }
        }
    }

    private mutating func extract(_ frame: CapturedFrame, _ ip: IPLayer) -> Extraction {
        guard ip.transport == IPLayer.udp else { return .other("IP protocol \(ip.transport), not UDP") }
        let payload = frame.bytes.span.copy(ip.payloadStart..<(ip.payloadStart + ip.payloadLength))
        guard let fragment = ip.fragment else { return DatagramExtractor.datagram(frame, ip, payload, fragments: 1) }
        guard payload.count == ip.payloadLength else {
            // Its first fragment says what it is; the others add nothing to what is there already.
            guard fragment.offset == 0 else { return .other("an IP fragment that was not captured whole") }
            return DatagramExtractor.datagram(frame, ip, payload, fragments: 1)
        }
        let key = FragmentAssembler.Key(
            source: ip.source, destination: ip.destination, identification: fragment.identification)
        switch assembler.add(payload, at: fragment.offset, isLast: fragment.isLast, of: key, time: frame.time) {
        case .waiting(let count): return .fragment(source: ip.source, destination: ip.destination, count: count)
        case .complete(let whole, let count): return DatagramExtractor.datagram(frame, ip, whole, fragments: count)
        case .malformed(let reason): return .other(reason)
        }
    }

    private static func datagram(
        _ frame: CapturedFrame, _ ip: IPLayer, _ udp: [UInt8], fragments: Int
    ) -> Extraction {
        let header = udp.span
        guard let source = header.number16(0), let destination = header.number16(2), let length = header.number16(4),
            udp.count >= 8
        else { return .other("cut in its UDP header") }
        guard length >= 8 else { return .other("a UDP header that gives a length of \(length)") }
        let end = min(Int(length), udp.count)
        return .datagram(
            Datagram(
                frameNumber: frame.number, time: frame.time,
                source: SocketAddress(ip.source, port: source),
                destination: SocketAddress(ip.destination, port: destination),
                payload: header.copy(8..<end), missing: Int(length) - end,
                isLimited: frame.originalLength > frame.bytes.count, fragments: fragments,
                checksum: Checksum.state(header, ip.source, ip.destination),
                isHeaderChecksumRight: ip.isHeaderChecksumRight))
    }
}
