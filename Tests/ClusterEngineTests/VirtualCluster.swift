import Basics
import ClusterConfiguration
import ClusterEngine
import Totem
import TotemWire

/// Whole engines under virtual time, joined by a network that delays every datagram by the same time and loses none.
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

    private var packets: [(arrival: Instant, destination: Int, bytes: [UInt8])] = []
    private static let delay: UInt64 = 100_000

    /// - Parameters:
    ///   - totem: further lines of the `totem` section.
    ///   - address: the last byte of the first node's address, where it is not what the node list says.
    init(nodes: Int, totem: String = "", address: UInt32? = nil, logThreshold: Severity = .info) throws {
        files = (0..<nodes).map { _ in Self.text(nodes: nodes, totem: totem) }
        for index in 0..<nodes {
            var engine = ClusterEngine(
                configuration: try Self.configuration(
                    files[index] ?? "", index, address: index == 0 ? address : nil),
                storedRingSequence: 0)
            engine.logThreshold = logThreshold
            engines.append(Box(engine))
            directives.append([])
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
                try? engines[packet.destination].engine.receive(packet.bytes.span, now: now)
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
        let bytes = (0..<payload.span.count).map { payload.span[$0] }
        for other in engines.indices where other != index {
            if case .node(let id) = datagram.destination, id != engines[other].engine.configuration.nodeID { continue }
            guard arrives(other, bytes) else { continue }
            packets.append((now.adding(nanoseconds: Self.delay), other, bytes))
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
        case .exit: running[index] = false
        default: break
        }
    }

    private struct Unreadable: Error {}
}
