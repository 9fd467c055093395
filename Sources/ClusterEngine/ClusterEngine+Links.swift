import Basics
import Links
import Totem
import TotemWire

/// What has come of a datagram that arrived on a link.
public enum LinkArrival: Sendable, Equatable {
    /// The ring has it, or there was nothing for it.
    case done
    /// It is no packet of a ring; the shell, which knows the sender's address, may log it.
    case foreign(HeaderError)
    /// The shell is to decompress the packet, and to hand the result to `receive(decompressed:of:bytes:now:)`.
    case compressed(ReceivedPacket, CompressionModel)
}

/// Between ring and sockets where links carry the ring's packets (spec: knet.md).
///
/// The ring gives and takes packets, the links give and take datagrams; a shell moves, seals and opens bytes.
extension ClusterEngine {
    /// Whether links carry the ring's packets, rather than one datagram each.
    public var usesLinks: Bool { links != nil }

    // MARK: From below

    /// Whether a datagram from this address may be of use, and with which keys it is to be opened. Asked before anything of
    /// it is computed.
    public mutating func admit(_ source: SocketAddress, now: Instant) -> KeySlots? {
        guard links?.isKnown(source) == true else {
            links?.rejected(from: source, now: now)
            return nil
        }
        return links?.keys
    }

    /// Takes in a datagram that the shell has opened.
    public mutating func receive(
        _ datagram: Span<UInt8>, from source: SocketAddress, on socket: SocketNumber, openedWith slot: KeySlot,
        now: Instant
    ) -> LinkArrival {
        guard let arrival = links?.receive(datagram, from: source, on: socket, openedWith: slot, now: now) else {
            return .done
        }
        switch arrival {
        case .nothing: return .done
        case .compressed(let packet, let model): return .compressed(packet, model)
        case .packet(let packet):
            let visits = ring.statistics.tokensAccepted
            do throws(HeaderError) {
                try receive(packet, in: datagram, now: now)
            } catch {
                return .foreign(error)
            }
            if ring.statistics.tokensAccepted != visits { takeSealedToken(slot, now: now) }
            return .done
        }
    }

    private mutating func receive(
        _ packet: ReceivedPacket, in datagram: Span<UInt8>, now: Instant
    ) throws(HeaderError) {
        guard let bytes = links?.bytes(of: packet, in: datagram) else { return }
        try ring.receive(bytes, now: now)
    }

    /// The bytes of a compressed packet.
    ///
    /// - Parameter datagram: what `receive` was given.
    @_lifetime(borrow self, copy datagram)
    public func bytes(of packet: ReceivedPacket, in datagram: Span<UInt8>) -> Span<UInt8> {
        if let bytes = links?.bytes(of: packet, in: datagram) { return bytes }
        return Span()
    }

    /// Takes a packet that the shell has decompressed.
    ///
    /// - Parameter bytes: of the compressed packet.
    public mutating func receive(
        decompressed packet: Span<UInt8>, of compressed: ReceivedPacket, bytes: Int, now: Instant
    ) -> LinkArrival {
        guard links?.decompressed(packet, of: compressed, bytes: bytes) == true else { return .done }
        do throws(HeaderError) {
            try ring.receive(packet, now: now)
            return .done
        } catch {
            return .foreign(error)
        }
    }

    // MARK: To below

    /// Gives the links what the ring wants sent.
    ///
    /// - Returns: whether a packet waits to be compressed; the shell lets `links` send it and calls again.
    public mutating func loadLinks(now: Instant) -> Bool {
        while let packet = ring.nextPacket() {
            let bytes = ring.bytes(of: packet)
            if links?.send(bytes.span, to: packet.destination, now: now) == .compress { return true }
        }
        return false
    }

    /// Lets the shell work with the links, where there are any: send what lies in their outbox, and tell them what was refused.
    public mutating func withLinks(_ body: (inout KnetLinks) -> Void) { links?.apply(body) }

    // MARK: What links tell

    /// Takes what the links have to tell.
    mutating func takeLinkEvents(now: Instant) {
        while let event = links?.nextEvent() {
            switch event {
            case .notice(let notice):
                if notice.severity <= logThreshold { directives.append(.log(notice.line)) }
            case .openSocket(let number, let address): directives.append(.openSocket(number, address))
            case .closeSocket(let number): directives.append(.closeSocket(number))
            case .linksLost(let node):
                // Who is no longer in the node list has lost its links to that.
                if configuration.nodes.contains(node) { ring.linksLost(node) }
            case .refused(let node): ring.learn(.refused, of: node, now: now)
            case .answered(let node): ring.answered(node)
            case .linksBack, .dataMTU: break
            }
        }
    }
}

extension KnetLinks {
    /// The machine that a configuration wants, still without its links.
    init(_ wanted: LinksConfiguration, secret: LinkSecret) {
        self.init(
            me: wanted.me, settings: wanted.settings, keys: KeySlots(isSealed: wanted.overhead != nil),
            overhead: wanted.overhead ?? .clear, secret: secret, now: Instant(nanoseconds: 0))
    }

    mutating func add(_ paths: [LinksConfiguration.Path], now: Instant) {
        // The configuration's check has refused what cannot be added: there are other nodes only, once on each link.
        for path in paths { try? add(path.link, to: path.host, now: now) }
    }

    mutating func apply(_ body: (inout KnetLinks) -> Void) { body(&self) }
}
