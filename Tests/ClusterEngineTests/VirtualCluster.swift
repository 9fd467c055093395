import Basics
import ClusterConfiguration
import ClusterEngine
import Links
import Totem
import TotemWire

/// Whole engines under virtual time, joined by a network that delays every datagram by the same time and loses none but those
/// that its interfaces do not carry.
struct VirtualCluster {
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var engines: [Box] = []
    /// What each engine wanted done, in order.
    private(set) var directives: [[EngineDirective]] = []
    private(set) var running: [Bool] = []
    /// The file each node reads when it is told to reload; nil is one that is wrong.
    var files: [String?]

    /// An array holds only what can be copied.
    final class Box {
        var engine: ClusterEngine
        init(_ engine: consuming ClusterEngine) { self.engine = engine }
    }

    /// Whether a datagram arrives at a node, by its index; a network that loses nothing says yes to all.
    var arrives: (_ destination: Int, _ bytes: [UInt8]) -> Bool = { _, _ in true }

    /// The own addresses of each node's links, by their sockets.
    private var sockets: [[SocketNumber: SocketAddress]] = []
    /// What the keys of links add to a datagram.
    var overhead: (KeySlot) -> SealOverhead = { _ in .clear }

    private struct Packet {
        var arrival: Instant
        var destination: Int
        var bytes: [UInt8]
        /// Where links carry it.
        var path: (source: SocketAddress, socket: SocketNumber, slot: KeySlot)?
    }

    private var packets: [Packet] = []
    private static let delay: UInt64 = 100_000
    private static let interfaceMTU = 1500

    /// - Parameters:
    ///   - totem: further lines of the `totem` section.
    ///   - address: the last byte of the first node's address, where it is not what the node list says.
    init(nodes: Int, totem: String = "", address: UInt32? = nil, logThreshold: Severity = .info) throws {
        try self.init(
            nodes: nodes, text: Self.text(nodes: nodes, totem: totem), address: address, logThreshold: logThreshold)
    }

    /// - Parameter text: the file that all nodes begin with.
    init(nodes: Int, text: String, address: UInt32? = nil, logThreshold: Severity = .info) throws {
        files = (0..<nodes).map { _ in text }
        for index in 0..<nodes {
            var engine = ClusterEngine(
                configuration: try Self.configuration(
                    files[index] ?? "", index, address: index == 0 ? address : nil),
                storedRingSequence: 0)
            engine.logThreshold = logThreshold
            engines.append(Box(engine))
            directives.append([])
            sockets.append([:])
            running.append(true)
        }
    }

    static func text(nodes: Int, totem: String = "") -> String {
        let list = (1...nodes).map { "node {\n nodeid: \($0)\n name: node\($0)\n ring0_addr: 10.0.0.\($0)\n}\n" }
        return """
            totem {
                version: 2
                cluster_name: virtual
                transport: udpu
                \(totem)
            }
            nodelist {
            \(list.joined())
            }
            quorum {
                provider: corosync_votequorum
            }

            """
    }

    /// - Parameters:
    ///   - address: the last byte of this machine's address, where it is not what the node list says.
    ///   - mtu: of this machine's interface.
    static func configuration(
        _ text: String, _ index: Int, address: UInt32? = nil, mtu: UInt32? = nil
    ) throws -> EngineConfiguration {
        let document = try ConfigurationDocument(Array(text.utf8), file: "corosync.conf")
        let address = InterfaceAddress(
            interface: "eth0", address: .v4(0x0A00_0000 + (address ?? UInt32(index) + 1)), netmask: .v4(0xFFFF_FF00),
            isUp: true, index: 1, mtu: mtu)
        let host = HostFacts(hostName: "node\(index + 1)", interfaces: [address])
        return EngineConfiguration(try ClusterConfiguration(document, host: host, names: NameTable()))
    }

    mutating func start() throws {
        for index in engines.indices {
            try engines[index].engine.start(now: now)
            settle(index)
        }
    }

    /// Does something to one engine and all that follows from it at once.
    mutating func with<Result>(_ index: Int, _ body: (inout ClusterEngine, Instant) throws -> Result) rethrows -> Result
    {
        let result = try body(&engines[index].engine, now)
        settle(index)
        return result
    }

    mutating func kill(_ index: Int) { running[index] = false }

    mutating func run(milliseconds: UInt64) {
        let end = now.adding(milliseconds: milliseconds)
        while true {
            let arrival = packets.first?.arrival
            let deadline = engines.indices.filter { running[$0] }.compactMap { engines[$0].engine.nextDeadline }.min()
            guard let next = [arrival, deadline].compactMap(\.self).min(), next <= end else { break }
            now = max(now, next)
            if let arrival, arrival <= now {
                let packet = packets.removeFirst()
                guard running[packet.destination] else { continue }
                receive(packet)
                settle(packet.destination)
            } else {
                for index in engines.indices where running[index] {
                    engines[index].engine.advance(to: now)
                    settle(index)
                }
            }
        }
        now = end
    }

    /// Until every running engine satisfies a condition; false when that takes too long.
    mutating func run(upTo milliseconds: UInt64, until isSatisfied: (borrowing ClusterEngine) -> Bool) -> Bool {
        for _ in 0..<milliseconds {
            if engines.indices.allSatisfy({ !running[$0] || isSatisfied(engines[$0].engine) }) { return true }
            run(milliseconds: 1)
        }
        return false
    }

    func lines(_ index: Int) -> [String] {
        directives[index].compactMap { if case .log(let line) = $0 { line.text } else { nil } }
    }

    /// Changes of process groups that the node told its clients, as libcpg gets them.
    func changes(_ index: Int) -> [[UInt8]] {
        directives[index].compactMap {
            if case .send(let message) = $0, message.channel == .event, message.bytes.first == 4 {
                message.bytes
            } else {
                nil
            }
        }
    }

    private mutating func settle(_ index: Int) {
        while let step = engines[index].engine.nextStep(now: now) {
            switch step {
            case .store: break
            case .send where engines[index].engine.usesLinks: sendOverLinks(from: index)
            case .send: while let datagram = engines[index].engine.nextDatagram() { send(datagram, from: index) }
            case .carryOut:
                while let directive = engines[index].engine.nextDirective() {
                    directives[index].append(directive)
                    carryOut(directive, index)
                }
            }
        }
    }

    private mutating func send(_ datagram: OutgoingPacket, from index: Int) {
        let payload = engines[index].engine.bytes(of: datagram)
        let bytes = Self.copy(payload.span)
        for other in engines.indices where other != index {
            if case .node(let id) = datagram.destination, id != engines[other].engine.configuration.nodeID { continue }
            guard arrives(other, bytes) else { continue }
            packets.append(Packet(arrival: now.adding(nanoseconds: Self.delay), destination: other, bytes: bytes))
        }
    }

    private mutating func sendOverLinks(from index: Int) {
        _ = engines[index].engine.loadLinks(now: now)
        var found: [Packet] = []
        engines[index].engine.withLinks { links in
            while let packet = links.nextOutgoing() {
                for number in 0..<packet.targetCount {
                    let target = links.target(number, of: packet)
                    for piece in 0..<packet.count {
                        let bytes = Self.copy(links.datagram(piece, of: packet))
                        if overhead(packet.slot).sealedSize(bytes.count) + 28 > Self.interfaceMTU {
                            links.refused(packet, to: target, because: .tooLong(mtu: Self.interfaceMTU), now: now)
                        } else {
                            found += carried(bytes, target, packet.slot, from: index)
                        }
                    }
                }
            }
        }
        packets += found
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { (0..<bytes.count).map { bytes[$0] } }

    private func carried(_ bytes: [UInt8], _ target: LinkTarget, _ slot: KeySlot, from index: Int) -> [Packet] {
        guard let source = sockets[index][target.socket] else { return [] }
        return engines.indices.flatMap { other in
            sockets[other].filter { $0.value == target.address && arrives(other, bytes) }.map { socket, _ in
                Packet(
                    arrival: now.adding(nanoseconds: Self.delay), destination: other, bytes: bytes,
                    path: (source, socket, slot))
            }
        }
    }

    private func receive(_ packet: Packet) {
        let box = engines[packet.destination]
        if let path = packet.path {
            _ = box.engine.receive(
                packet.bytes.span, from: path.source, on: path.socket, openedWith: path.slot, now: now)
        } else {
            try? box.engine.receive(packet.bytes.span, now: now)
        }
    }

    private mutating func carryOut(_ directive: EngineDirective, _ index: Int) {
        switch directive {
        case .reload:
            do {
                guard let file = files[index] else { throw Unreadable() }
                engines[index].engine.reconfigure(try Self.configuration(file, index), now: now)
            } catch {
                engines[index].engine.reloadFailed(now: now)
            }
        case .openSocket(let number, let address):
            sockets[index][number] = address
            engines[index].engine.withLinks { $0.interface(of: number, mtu: Self.interfaceMTU, now: now) }
        case .closeSocket(let number): sockets[index][number] = nil
        case .exit: running[index] = false
        default: break
        }
    }

    private struct Unreadable: Error {}
}
