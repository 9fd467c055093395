import Basics
import ClusterEngine
import Links
import TotemWire
import Transports

/// A node whose packets travel over knet links, as `rondod` does it.
extension LocalNode {
    /// Gives each link a port of its own, from `port` on.
    static func setPort(_ port: UInt16, of settings: inout EngineConfiguration) {
        guard var links = settings.links else { return }
        for index in links.paths.indices {
            let number = UInt16(links.paths[index].link.number.rawValue)
            links.paths[index].link.own.port = port &+ number
            links.paths[index].link.remote.port = port &+ number
        }
        settings.links = links
        var generator = SystemRandomNumberGenerator()
        settings.linkSecret = LinkSecret(generator.next(), generator.next())
    }

    /// Opens what the links have asked for at their start, the only time that they do.
    func openSockets(_ paths: [LinkSettings]) throws {
        guard case .links(let network) = network else { return }
        while let directive = engine.nextDirective() {
            if case .openSocket(let number, let own) = directive { try network.open(number, at: own, paths) }
        }
    }

    /// Cuts a link, or mends it: what arrives on it is thrown away from now on, or no more.
    func setCut(_ link: UInt8, _ isCut: Bool) {
        guard case .links(let network) = network, let link = LinkNumber(link) else { return }
        network.setCut(link, isCut)
    }

    func receive(from network: LinkNetwork, on index: Int) {
        guard network.sockets.indices.contains(index) else { return }
        let socket = network.sockets[index]
        let transport = network.transport
        let count = transport.receive(on: socket.number)
        if count == 0 { engine.withLinks { transport.readErrors(on: socket.number, &$0, now: Self.clock()) } }
        for index in 0..<count {
            guard !network.isCut(socket), !losesNext(), let source = transport.source(index) else { continue }
            let now = Self.clock()
            guard let keys = engine.admit(source, now: now) else { continue }
            guard case .plain(let slot) = transport.open(index, keys) else { continue }
            // Nobody here compresses, and what is no packet of the ring is dropped.
            _ = engine.receive(transport.plain(index), from: source, on: socket.number, openedWith: slot, now: now)
            observe(now)
        }
    }

    func send(on network: LinkNetwork) {
        let now = Self.clock()
        while engine.loadLinks(now: now) {}
        let transport = network.transport
        engine.withLinks { transport.flush(&$0, now: now) }
    }
}
