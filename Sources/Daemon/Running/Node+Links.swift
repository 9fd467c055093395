import Basics
import ClusterConfiguration
import ClusterEngine
import Links
import TotemWire
import Transports

/// Between the links and their sockets.
extension Node {
    /// Opens the socket that the links have asked for, and watches it. While its address is not there, a socket is opened all
    /// the same where the kernel lets it, since nothing else may tell when the address comes.
    func openSocket(_ number: SocketNumber, at own: SocketAddress) {
        var place = LinkPlace(number: number, own: own, interfaceName: configuration.interface(of: own))
        place.holder = InterfaceAddress.holding(
            own.address, named: place.interfaceName, among: InterfaceAddress.ofThisMachine())
        do throws(TransportError) {
            if place.canBeBound { try open(place) }
        } catch {
            return fail(.usage, "Unable to create sockets, exiting: \(error)")
        }
        if place.holder == nil { logger.log(.notice, .totem, "The network interface [\(own.address)] is down.") }
        linkPlaces.append(place)
    }

    /// Opens the socket of a place, tells the links what its interface carries, and watches it.
    func open(_ place: LinkPlace) throws(TransportError) {
        guard case .links(let transport) = transport else { return }
        let number = place.number
        let descriptor = try transport.open(number, at: place.bound)
        tellMTU(of: place)
        loop.add(descriptor, .readable, .ring) { _, events in
            self.receive(on: number, from: transport, events)
            return true
        }
    }

    func tellMTU(of place: LinkPlace) {
        guard let index = place.holder?.index, let mtu = InterfaceAddress.mtu(of: index) else { return }
        engine.withLinks { $0.interface(of: place.number, mtu: Int(mtu), now: EventLoop.clock()) }
    }

    /// Why a socket for new links cannot be opened; nil when all can.
    func socketRefusal(_ new: ClusterConfiguration) -> TransportError? {
        let known = Set(linkPlaces.map(\.own))
        for own in Set(LinksConfiguration(new)?.paths.map(\.link.own) ?? []).subtracting(known) {
            do throws(TransportError) {
                let name = new.interface(of: own)
                let holder = InterfaceAddress.holding(
                    own.address, named: name, among: InterfaceAddress.ofThisMachine())
                let place = LinkPlace(number: SocketNumber(0), own: own, interfaceName: name, holder: holder)
                if place.canBeBound { try KnetTransport.tryOpening(place.bound) }
            } catch {
                return error
            }
        }
        return nil
    }

    /// No link has this own address any more.
    func closeSocket(_ number: SocketNumber) {
        close(number)
        linkPlaces.removeAll { $0.number == number }
    }

    func close(_ number: SocketNumber) {
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
            switch pause {
            case .foreign(let error, let index):
                logForeign(error, transport.source(index)?.description)
                next = index + 1
            case .delivery(let index):
                if engine.processAndLook(now: now) { carryOutDirectives() }
                next = index
            }
        }
    }

    /// What is delivered before a token that came with it is at most so many bytes of datagrams: eight frames, but frames of
    /// links can be long, and each keeps the other nodes waiting for longer.
    private static let promptBytes = 16_384

    /// Gives the engine datagrams until there is something to do in between; behind the last one sends what is to be sent,
    /// unless something must be stored before.
    private static func take(
        _ range: Range<Int>, from transport: KnetTransport, on number: SocketNumber,
        into engine: inout ClusterEngine, now: Instant
    ) -> Pause? {
        var bytes = 0
        for index in range {
            guard let source = transport.source(index), let keys = engine.admit(source, now: now) else { continue }
            guard case .plain(let slot) = transport.open(index, keys) else {
                engine.withLinks { $0.undecipherable(from: source, bytes: transport.length(index), now: now) }
                continue
            }
            bytes += transport.length(index)
            if bytes <= promptBytes, delivers(before: transport.plain(index), &engine) { return .delivery(index) }
            if case .foreign(let error) = take(
                index, source, slot, from: transport, on: number, into: &engine, now: now)
            {
                return .foreign(error, index)
            }
        }
        if !engine.hasRingSequenceToStore { send(of: &engine, on: transport, now: now) }
        return nil
    }

    /// Whether a few frames are to be delivered before this datagram's token goes on.
    private static func delivers(before datagram: Span<UInt8>, _ engine: inout ClusterEngine) -> Bool {
        DataHeader.announcesToken(datagram) && !engine.hasRingSequenceToStore
            && (1...promptFrames).contains(engine.waitingEventCount)
    }

    private static func take(
        _ index: Int, _ source: SocketAddress, _ slot: KeySlot, from transport: KnetTransport, on number: SocketNumber,
        into engine: inout ClusterEngine, now: Instant
    ) -> LinkArrival {
        let datagram = transport.plain(index)
        let arrival = engine.receive(datagram, from: source, on: number, openedWith: slot, now: now)
        guard case .compressed(let packet, let model) = arrival else { return arrival }
        let bytes = engine.bytes(of: packet, in: datagram).count
        guard let length = transport.decompress(engine.bytes(of: packet, in: datagram), model) else {
            engine.withLinks { $0.decompressionFailed(packet, model, now: now) }
            return .done
        }
        return engine.receive(decompressed: transport.decompressedPacket(length), of: packet, bytes: bytes, now: now)
    }

    /// Gives the links what the ring wants sent, and sends what they make of it.
    static func send(of engine: inout ClusterEngine, on transport: KnetTransport, now: Instant) {
        while engine.loadLinks(now: now) {
            engine.withLinks { transport.compressStaged(&$0, now: now) }
        }
        engine.withLinks { transport.flush(&$0, now: now) }
    }
}
