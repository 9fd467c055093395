import Basics
import Links
import TotemWire

@testable import ClusterEngine

/// Whole engines over one knet link under virtual time. Keys are numbers; a shell has them, reads files and puts reloads off
/// as the daemon does.
struct LinkedCluster {
    /// What lies on a machine's disk.
    struct File {
        /// Further lines of the `totem` section.
        var totem = ""
        /// Nil for none.
        var key: Int?
        /// In its node list, from 1 on; nil for all there are.
        var nodes: Int?

        static let clear = File()

        static func sealed(_ key: Int, hash: String = "sha256") -> File {
            File(totem: "crypto_cipher: aes256\ncrypto_hash: \(hash)", key: key)
        }
    }

    private struct Datagram {
        var arrival: Instant
        var from: Int
        var to: Int
        var bytes: [UInt8]
        var key: Int?
    }

    private struct Shell {
        var socket = SocketNumber(0)
        var keys: [KeySlot: Int] = [:]
        /// What the keys add to a datagram.
        var overheads: [KeySlot: SealOverhead] = [:]
        var file: File
        var isReloadDue = false
        var isRunning = true
    }

    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var engines: [VirtualCluster.Box] = []
    private var shells: [Shell] = []
    var files: [File]
    /// Whether a datagram arrives that a node has sealed.
    var arrives: (_ from: Int, _ to: Int, _ plain: [UInt8]) -> Bool = { _, _, _ in true }
    /// Datagrams that their receiver could not open.
    private(set) var unopened = 0
    /// How often each shell was told that another change of keys may begin, and that the old key is gone.
    private(set) var endings: [Int]
    private(set) var wipes: [Int]
    /// What each node has logged.
    private(set) var lines: [[String]]
    private var datagrams: [Datagram] = []
    private static let delay: UInt64 = 100_000
    /// Bytes of the longest IP packet that the interfaces send, and of IP and UDP headers.
    private static let (interfaceMTU, headers) = (1500, 28)

    init(nodes: Int, _ file: File = .clear) throws {
        files = Array(repeating: file, count: nodes)
        endings = Array(repeating: 0, count: nodes)
        wipes = endings
        lines = Array(repeating: [], count: nodes)
        for node in 0..<nodes {
            engines.append(
                VirtualCluster.Box(ClusterEngine(configuration: try configuration(node), storedRingSequence: 0)))
            var shell = Shell(file: file)
            shell.keys[.first] = file.key
            shell.overheads[.first] = engines[node].engine.configuration.links?.overhead
            shells.append(shell)
        }
        for node in 0..<nodes {
            try engines[node].engine.start(now: now)
            settle(node)
        }
    }

    private func configuration(_ node: Int) throws -> EngineConfiguration {
        let text = VirtualCluster.text(
            nodes: files[node].nodes ?? files.count, totem: "token: 1000\n" + files[node].totem)
        return try VirtualCluster.configuration(text.replacing("transport: udpu", with: "transport: knet"), node)
    }

    // MARK: What happens

    /// Node by node from 0: tells all to read their files.
    mutating func orderReload(by node: Int) {
        _ = engines[node].engine.services.requestReload()
        engines[node].engine.carryOutOutputs(now: now)
        settle(node)
    }

    mutating func kill(_ node: Int) { shells[node].isRunning = false }

    func keySlots(_ node: Int) -> KeySlots? { engines[node].engine.keySlots }

    /// The key that a node seals with.
    func sealing(_ node: Int) -> Int? { keySlots(node).flatMap { shells[node].keys[$0.inUse] } }

    /// Bytes of a ring's packet that one datagram to another node carries.
    func linkMTU(from node: Int, to other: Int) -> Int? {
        var mtu: Int?
        engines[node].engine.withLinks { mtu = $0.links(to: NodeID(UInt32(other + 1))).first?.mtu }
        return mtu
    }

    func isChangingKeys(_ node: Int) -> Bool { engines[node].engine.isChangingKeys }

    /// Those that run, in one working ring.
    var isWhole: Bool {
        let up = shells.indices.filter { shells[$0].isRunning }
        let members = up.map { NodeID(UInt32($0 + 1)) }
        return up.allSatisfy { node in
            let outlook = engines[node].engine.look()
            return outlook.phase == .operational && outlook.members == members && !outlook.isSynchronizing
        }
    }

    /// How often nodes have left a working ring, all together.
    var ringsLost: UInt64 {
        engines.reduce(0) { $0 + $1.engine.ringStatistics.gatherEntered }
    }

    mutating func run(milliseconds: UInt64) { run(microseconds: milliseconds * 1000) }

    mutating func run(microseconds: UInt64) {
        let end = now.adding(nanoseconds: microseconds * 1000)
        while true {
            let up = shells.indices.filter { shells[$0].isRunning }
            let deadline = up.compactMap { engines[$0].engine.nextDeadline }.min()
            guard let next = [datagrams.first?.arrival, deadline].compactMap(\.self).min(), next <= end else { break }
            now = max(now, next)
            if let arrival = datagrams.first?.arrival, arrival <= now {
                receive(datagrams.removeFirst())
            } else {
                for node in up {
                    engines[node].engine.advance(to: now)
                    settle(node)
                }
            }
        }
        now = end
    }

    /// Until something is so; false when that takes too long.
    mutating func run(upTo milliseconds: UInt64, until isSatisfied: (LinkedCluster) -> Bool) -> Bool {
        for _ in 0..<milliseconds {
            if isSatisfied(self) { return true }
            run(milliseconds: 1)
        }
        return isSatisfied(self)
    }

    // MARK: The shell

    private mutating func receive(_ datagram: Datagram) {
        let node = datagram.to
        guard shells[node].isRunning else { return }
        let source = SocketAddress(.v4(0x0A00_0001 + UInt32(datagram.from)), port: 5405)
        guard let slots = engines[node].engine.admit(source, now: now) else { return }
        let keys = shells[node].keys
        let opened = [slots.attempts.first, slots.attempts.second].compactMap(\.self).first { slot in
            keys[slot] != nil && keys[slot] == datagram.key
        }
        guard let slot = opened ?? (datagram.key == nil && slots.isClearAllowed ? .clear : nil) else {
            unopened += 1
            return
        }
        _ = engines[node].engine.receive(
            datagram.bytes.span, from: source, on: shells[node].socket, openedWith: slot, now: now)
        settle(node)
    }

    private mutating func settle(_ node: Int) {
        while let step = engines[node].engine.nextStep(now: now) {
            switch step {
            case .store: break
            case .send: send(node)
            case .carryOut: while let directive = engines[node].engine.nextDirective() { carryOut(directive, node) }
            }
        }
    }

    private mutating func send(_ node: Int) {
        let box = engines[node]
        _ = box.engine.loadLinks(now: now)
        let overheads = shells[node].overheads
        var leaving: [(to: Int, bytes: [UInt8], slot: KeySlot)] = []
        box.engine.withLinks { links in
            while let packet = links.nextOutgoing() {
                for index in 0..<packet.count {
                    let bytes = Self.copy(links.datagram(index, of: packet))
                    let size = (overheads[packet.slot] ?? .clear).sealedSize(bytes.count) + Self.headers
                    for number in 0..<packet.targetCount {
                        let target = links.target(number, of: packet)
                        guard size <= Self.interfaceMTU else {
                            links.refused(packet, to: target, because: .tooLong(mtu: Self.interfaceMTU), now: now)
                            continue
                        }
                        leaving.append((Int(target.host.rawValue) - 1, bytes, packet.slot))
                    }
                }
            }
        }
        for (to, bytes, slot) in leaving where arrives(node, to, bytes) {
            datagrams.append(
                Datagram(
                    arrival: now.adding(nanoseconds: Self.delay), from: node, to: to, bytes: bytes,
                    key: shells[node].keys[slot]))
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

    private mutating func carryOut(_ directive: EngineDirective, _ node: Int) {
        switch directive {
        case .openSocket(let socket, _):
            shells[node].socket = socket
            engines[node].engine.withLinks { $0.interface(of: socket, mtu: Self.interfaceMTU, now: now) }
        case .log(let line): lines[node].append(line.text)
        case .reload: reload(node)
        case .keysChanged:
            endings[node] += 1
            if shells[node].isReloadDue { reload(node) }
        case .oldKeyGone:
            wipes[node] += 1
            for slot in [KeySlot.first, .second] where keySlots(node)?.isFilled(slot) == false {
                shells[node].keys[slot] = nil
            }
        default: break
        }
    }

    private mutating func reload(_ node: Int) {
        shells[node].isReloadDue = isChangingKeys(node)
        guard !shells[node].isReloadDue else { return }
        guard let new = try? configuration(node) else { return engines[node].engine.reloadFailed(now: now) }
        let old = shells[node].file
        shells[node].file = files[node]
        engines[node].engine.reconfigure(new, now: now)
        guard old.key != files[node].key || old.totem != files[node].totem else { return }
        let slot = engines[node].engine.changeKeys(now: now)
        guard slot != .clear else { return }
        shells[node].keys[slot] = files[node].key
        shells[node].overheads[slot] = new.links?.overhead
    }
}
