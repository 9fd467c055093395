import Basics
import Glibc
import Links
import Sealing

/// From the kernel to the links.
extension KnetTransport {
    /// A received datagram without what sealed it.
    public enum Opened: Sendable, Equatable {
        /// Bytes of it are to be had from `plain`.
        case plain(KeySlot)
        /// No key opens it, and clear ones are not taken.
        case undecipherable
    }

    /// Reads one batch of a socket. Returns how many datagrams there are, in the order in which they came; 0 when nothing
    /// waits. They stay valid until the next call.
    public func receive(on number: SocketNumber) -> Int {
        received.removeAll(keepingCapacity: true)
        guard let socket = socket(number) else { return 0 }
        let payloads = incoming.fill(from: socket.descriptor)
        statistics.receiveCalls += 1
        guard payloads > 0 else { return 0 }
        for index in 0..<payloads { take(index) }
        return received.count
    }

    private func take(_ index: Int) {
        guard !incoming.isTruncated(index), let source = incoming.source(of: index) else {
            statistics.truncated += 1
            return
        }
        let (offset, length, segment) = incoming.payload(of: index)
        statistics.receivedBytes += UInt64(length)
        if segment > 0 { statistics.joinedReceives += 1 }
        var position = 0
        repeat {
            let piece = segment > 0 ? min(segment, length - position) : length
            statistics.receivedDatagrams += 1
            received.append(ReceivedLinkDatagram(offset: offset + position, length: piece, source: source))
            position += piece
        } while position < length
    }

    /// Who sent a datagram of the last `receive`; nil for an index outside it.
    public func source(_ index: Int) -> SocketAddress? {
        received.indices.contains(index) ? received[index].source : nil
    }

    /// Bytes of a datagram as it came.
    public func length(_ index: Int) -> Int { received.indices.contains(index) ? received[index].length : 0 }

    /// Checks and decrypts a datagram in its place. Once opened it stays so, and may be asked for again.
    ///
    /// - Parameter state: which keys are in use.
    public func open(_ index: Int, _ state: KeySlots) -> Opened {
        guard received.indices.contains(index) else { return .undecipherable }
        if let slot = received[index].opened { return .plain(slot) }
        guard let first = state.attempts.first.flatMap(SealingSlots.Slot.init), !keys.isEmpty else {
            return state.isClearAllowed ? .plain(.clear) : .undecipherable
        }
        let place = received[index]
        // The memory is this batch's, and lent to nobody else now.
        let bytes = incoming.mutableBytes(at: place.offset, count: place.length)
        var datagram = bytes.mutableSpan
        do throws(OpenRefusal) {
            let started = stopwatch.startSometimes()
            guard let (slot, plain) = try keys.open(&datagram, first: first) else { return .undecipherable }
            if let started { times.opening.add(Stopwatch.nanoseconds(since: started)) }
            received[index].offset += plain.lowerBound
            received[index].length = plain.count
            received[index].opened = slot.keySlot
            return .plain(slot.keySlot)
        } catch {
            return state.isClearAllowed && error != .badPadding ? .plain(.clear) : .undecipherable
        }
    }

    /// The bytes of a datagram of the last `receive`, opened if `open` has opened it; empty for an index outside it.
    @_lifetime(borrow self)
    public func plain(_ index: Int) -> Span<UInt8> {
        guard received.indices.contains(index) else { return Span() }
        let place = received[index]
        // The memory lives as long as the transport; only the next `receive` overwrites it.
        let bytes = incoming.bytes(at: place.offset, count: place.length)
        return _overrideLifetime(bytes.span, borrowing: self)
    }
}
