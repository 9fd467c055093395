import Basics
import TotemWire

/// From a socket to the ring, in the order of the specification (spec: knet.md 4).
extension KnetLinks {
    /// Whether anything from this address can be of use. Ask before a digest is computed.
    public func isKnown(_ source: SocketAddress) -> Bool { sources.contains(source.address) }

    /// Notes that the shell has dropped a datagram because `isKnown` said so.
    public mutating func rejected(from source: SocketAddress, now: Instant) {
        drop(.source, .rejected(source), now: now)
    }

    /// Notes that no key opens a datagram that must not be clear.
    ///
    /// - Parameter bytes: of its UDP payload.
    public mutating func undecipherable(from source: SocketAddress, bytes: Int, now: Instant) {
        drop(.protection, .undecipherable(source, bytes: bytes), now: now)
    }

    /// Takes an opened datagram.
    ///
    /// - Parameters:
    ///   - socket: where it came in.
    ///   - slot: the key that opened it; `clear` when it was not sealed.
    public mutating func receive(
        _ datagram: Span<UInt8>, from source: SocketAddress, on socket: SocketNumber, openedWith slot: KeySlot,
        now: Instant
    ) -> Arrival {
        guard !datagram.isEmpty else { return .nothing }
        guard keys.admits(slot) else {
            undecipherable(from: source, bytes: datagram.count, now: now)
            return .nothing
        }
        do throws(KnetPacketError) {
            let packet = try KnetPacket(decoding: datagram)
            if slot != .clear, case .data = packet { statistics.openedPackets &+= 1 }
            guard let host = table.index(of: packet.host) else {
                drop(.host, .rejected(source), now: now)
                return .nothing
            }
            let arrival = take(packet, datagram, host, source, socket, now: now)
            settleWake()
            return arrival
        } catch {
            drop(.malformed, .malformed(source, error), now: now)
            return .nothing
        }
    }

    private mutating func take(
        _ packet: KnetPacket, _ datagram: Span<UInt8>, _ host: Int, _ source: SocketAddress, _ socket: SocketNumber,
        now: Instant
    ) -> Arrival {
        guard let link = link(of: packet, host, source, socket) else {
            drop(.source, .rejected(source), now: now)
            return .nothing
        }
        let bytes = datagram.count
        switch packet {
        case .data(let header): return take(header, datagram, host, link, now: now)
        case .ping(let ping): take(ping, host, link, bytes: bytes, now: now)
        case .pong(let pong): take(pong: pong, host, link, bytes: bytes, now: now)
        case .probe(let probe): take(probe, host, link, bytes: bytes)
        case .probeReply(let reply): take(reply: reply, host, link, bytes: bytes, now: now)
        }
        return .nothing
    }

    /// The link that a packet came by; nil if the addresses are not those of the link that it names or, of data, of any.
    private func link(
        of packet: KnetPacket, _ host: Int, _ source: SocketAddress, _ socket: SocketNumber
    ) -> Int? {
        let number: LinkNumber
        switch packet {
        case .data: return table[host].index(from: source, on: socket)
        case .ping(let ping), .pong(let ping): number = ping.link
        case .probe(let probe), .probeReply(let probe): number = probe.link
        }
        guard let link = table[host].index(of: number), table[host].links[link].carries(from: source, on: socket) else {
            return nil
        }
        return link
    }

    // MARK: Data

    private mutating func take(
        _ header: DataHeader, _ datagram: Span<UInt8>, _ host: Int, _ link: Int, now: Instant
    ) -> Arrival {
        table[host].links[link].statistics.received.data.add(datagram.count)
        if !table[host].links[link].monitor.isConnected { dataArrived(host, link, now: now) }
        guard table[host].isReachable else { return drop(.unreachable) }
        guard header.channel == 0 else { return drop(.channel) }
        switch table[host].judge(header.sequence, behind: has(.followsBehind) ? .follow : .refuse, now: now) {
        case .fresh: break
        case .duplicate: return drop(.duplicate)
        case .behind:
            drop(.behind, .replayed(header.host), now: now)
            return .nothing
        }
        let payload = datagram.extracting(DataHeader.size..<datagram.count)
        if header.isWhole { return finish(header, .datagram, objection(to: payload), host, now: now) }
        switch reassembly.take(header, payload, window: &table[host].window) {
        case .waiting: return .nothing
        case .complete(let whole):
            return finish(header, .reassembled(whole), objection(to: reassembly.bytes(of: whole)), host, now: now)
        case .refused(.repeated): return drop(.duplicate)
        case .refused(let reason):
            drop(.fragment, .badFragment(header.host, reason), now: now)
            return .nothing
        }
    }

    private mutating func dataArrived(_ host: Int, _ link: Int, now: Instant) {
        guard change(host, link, { $0.monitor.dataArrived(now: now) }) else { return }
        linkIsUp(host, link)
    }

    /// A whole packet is there. What is compressed shows for whom it is only later.
    private mutating func finish(
        _ header: DataHeader, _ place: ReceivedPacket.Place, _ objection: DropReason?, _ host: Int, now: Instant
    ) -> Arrival {
        let packet = ReceivedPacket(host: header.host, place: place, sequence: header.sequence)
        guard header.compression == 0 else {
            guard let model = CompressionModel(rawValue: header.compression) else {
                drop(.compressionModel, .unknownCompression(header.host, header.compression), now: now)
                return .nothing
            }
            return .compressed(packet, model)
        }
        if let objection { return drop(objection) }
        if !has(.forgetsDelivered) { table[host].window.markDelivered(header.sequence) }
        return .packet(packet)
    }

    /// The bytes of a packet that `receive` has given out.
    ///
    /// - Parameter datagram: what `receive` was given.
    @_lifetime(borrow self, copy datagram)
    public func bytes(of packet: ReceivedPacket, in datagram: Span<UInt8>) -> Span<UInt8> {
        switch packet.place {
        case .datagram: datagram.extracting(min(DataHeader.size, datagram.count)..<datagram.count)
        case .reassembled(let whole): reassembly.bytes(of: whole)
        }
    }

    /// Why a packet is not for this node. The ring's header names its only destination in bytes 9 to 12, of which knet looks
    /// at 16 bits; 0 is everybody.
    private func objection(to packet: Span<UInt8>) -> DropReason? {
        guard packet.count >= PacketHeader.size else { return .short }
        var reader = ByteReader(packet, order: .native, at: 9)
        guard let target = try? reader.u32("target node id") else { return .short }
        return target == 0 || UInt16(truncatingIfNeeded: target) == me.rawValue ? nil : .target
    }

    // MARK: Compressed data

    /// Takes what a compressed packet was.
    ///
    /// - Returns: whether it is for this node: `packet` is the ring's then.
    public mutating func decompressed(_ packet: Span<UInt8>, of compressed: ReceivedPacket, bytes: Int) -> Bool {
        statistics.receivedCompression.add(original: packet.count, compressed: bytes)
        if let objection = objection(to: packet) {
            statistics.count(objection)
            return false
        }
        guard let host = table.index(of: compressed.host) else { return false }
        table[host].window.markDelivered(compressed.sequence)
        return true
    }

    /// Notes that a packet cannot be decompressed, because its bytes are not what they should be, would become too many, or
    /// the library is not there.
    public mutating func decompressionFailed(_ packet: ReceivedPacket, _ model: CompressionModel, now: Instant) {
        drop(.decompression, .decompressionFailed(packet.host, model), now: now)
    }

    // MARK: Nothing

    private mutating func drop(_ reason: DropReason) -> Arrival {
        statistics.count(reason)
        return .nothing
    }

    private mutating func drop(_ reason: DropReason, _ notice: LinksNotice, now: Instant) {
        statistics.count(reason)
        events.tell(notice, of: reason, now: now)
    }
}
