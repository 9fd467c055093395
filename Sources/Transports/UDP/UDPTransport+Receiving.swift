import Basics
import Glibc

/// Receiving in batches.
extension UDPTransport {
    /// Reads one batch of what came to the own address. Returns how many datagrams `datagram(_:)` and `source(_:)` now
    /// offer, in order of arrival; 0 when nothing acceptable was queued. They stay valid until the next call.
    public func receive() -> Int { take(incoming.fill(from: descriptor), own: nil) }

    /// The same of what came to the group; then `holdsMoreMulticasts` tells whether to go on.
    public func receiveMulticasts() -> Int {
        guard let group else { return 0 }
        let payloads = incoming.fill(from: group.receiver, inFull: true)
        holdsMoreMulticasts = payloads == incoming.capacity
        return take(payloads, own: address)
    }

    /// - Parameter own: the address whose datagrams the network has brought back; nil where it does not.
    private func take(_ payloads: Int, own: IPAddress?) -> Int {
        received.removeAll(keepingCapacity: true)
        statistics.receiveCalls += 1
        guard payloads > 0 else { return 0 }
        guard interfaceState == .regular else {
            statistics.discarded += UInt64(payloads)
            return 0
        }
        for index in 0..<payloads { accept(index, own: own) }
        return received.count
    }

    private func accept(_ index: Int, own: IPAddress?) {
        if incoming.isTruncated(index) {
            statistics.truncated += 1
            return
        }
        let (offset, length, segment) = incoming.payload(of: index)
        let source = incoming.source(of: index)?.address
        if let own, source == own {
            statistics.broughtBack += 1
            return
        }
        guard let source, !blocksUnlistedAddresses || members.contains(source) else {
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
