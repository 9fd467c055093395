import Basics
import ClusterConfiguration
import ClusterEngine
import Links
import TotemWire
import Transports

/// Between the links and their sockets.
extension Node {
    /// Opens the socket that the links have asked for, and watches it.
    func openSocket(_ number: SocketNumber, at own: SocketAddress) {
        guard case .links(let transport) = transport else { return }
        var own = own
        let interface = try? InterfaceAddress.usable(for: own.address)
        if let interface, own.address.isLinkLocal, own.zone == 0 { own.zone = interface.index }
        let descriptor: Int32
        do throws(TransportError) {
            descriptor = try transport.open(number, at: own)
        } catch {
            return fail(.usage, "Unable to create sockets, exiting: \(error)")
        }
        if let interface, let mtu = InterfaceAddress.mtu(of: interface.index) {
            engine.withLinks { $0.interface(of: number, mtu: Int(mtu), now: EventLoop.clock()) }
        }
        loop.add(descriptor, .readable, .ring) { _, events in
            self.receive(on: number, from: transport, events)
            return true
        }
    }

    func closeSocket(_ number: SocketNumber) {
        guard case .links(let transport) = transport, let descriptor = transport.descriptor(of: number) else { return }
        loop.remove(descriptor)
        transport.close(number)
    }

    /// Takes in one batch of datagrams of a socket and sends at once what they cause.
    private func receive(on number: SocketNumber, from transport: KnetTransport, _ events: EventLoop.Events) {
        let now = loop.now
        if events.contains(.error) { engine.withLinks { transport.readErrors(on: number, &$0, now: now) } }
        let count = transport.receive(on: number)
        var next = 0
        while let pause = Self.take(next..<count, from: transport, on: number, into: &engine, now: now) {
            logForeign(pause.error, transport.source(pause.index)?.description)
            next = pause.index + 1
        }
    }

    /// Gives the engine datagrams until one is none of the ring's; behind the last one sends what is to be sent, unless
    /// something must be stored before.
    private static func take(
        _ range: Range<Int>, from transport: KnetTransport, on number: SocketNumber,
        into engine: inout ClusterEngine, now: Instant
    ) -> (error: HeaderError, index: Int)? {
        for index in range {
            guard let source = transport.source(index) else { continue }
            switch take(index, source, from: transport, on: number, into: &engine, now: now) {
            case .done, .compressed: break
            case .foreign(let error): return (error, index)
            }
        }
        if !engine.hasRingSequenceToStore { send(of: &engine, on: transport, now: now) }
        return nil
    }

    private static func take(
        _ index: Int, _ source: SocketAddress, from transport: KnetTransport, on number: SocketNumber,
        into engine: inout ClusterEngine, now: Instant
    ) -> LinkArrival {
        guard let keys = engine.admit(source, now: now) else { return .done }
        switch transport.open(index, keys) {
        case .undecipherable:
            engine.withLinks { $0.undecipherable(from: source, bytes: transport.length(index), now: now) }
            return .done
        case .plain(let slot):
            let datagram = transport.plain(index)
            let arrival = engine.receive(datagram, from: source, on: number, openedWith: slot, now: now)
            guard case .compressed(let packet, let model) = arrival else { return arrival }
            let bytes = engine.bytes(of: packet, in: datagram).count
            guard let length = transport.decompress(engine.bytes(of: packet, in: datagram), model) else {
                engine.withLinks { $0.decompressionFailed(packet, model, now: now) }
                return .done
            }
            return engine.receive(
                decompressed: transport.decompressedPacket(length), of: packet, bytes: bytes, now: now)
        }
    }

    /// Gives the links what the ring wants sent, and sends what they make of it.
    static func send(of engine: inout ClusterEngine, on transport: KnetTransport, now: Instant) {
        while engine.loadLinks(now: now) {
            engine.withLinks { transport.compressStaged(&$0, now: now) }
        }
        engine.withLinks { transport.flush(&$0, now: now) }
    }
}
