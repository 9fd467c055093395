import Basics
import CPosix
import ClusterConfiguration
import Glibc
import TotemWire

/// Runs the nodes, does what the director says, and shows what happens.
final class Stage {
    /// Nanoseconds between two pictures.
    private static let frame: UInt64 = 100_000_000
    /// Tags the signals among what is waited for; no node has this id.
    private static let signalTag: UInt64 = 0

    private let plan: RingPlan
    private let key: RingKey?
    private let options: DemonstrationOptions
    private let port: UInt16
    private let terminal: Terminal
    private let glyphs: Glyphs
    private let poller: Poller
    private let signals: Int32
    private(set) var director: Director
    private var nodes: [LocalNode] = []
    /// Nodes whose machines are lost, with their sockets: closed ones would be refused by a kernel that goes on, and what is
    /// shown is the patience with a machine that says nothing any more.
    private var lost: [LocalNode] = []
    /// What a node that stops leaves on its disk.
    private var storedSequences: [NodeID: UInt64] = [:]
    private var lives: UInt32 = 0
    private var ready: [UInt64] = []
    private var events: [(Instant, NodeEvent)] = []
    private var isSpeaking = false
    private var nextMessage: Instant
    private var speaker = 0
    private var nextFrame: Instant
    private var isSilent: Bool
    private var cutLinks: Set<UInt8> = []

    init(
        plan: RingPlan, key: RingKey?, schedule: Schedule, options: DemonstrationOptions, terminal: Terminal,
        glyphs: Glyphs, isSilent: Bool
    ) throws {
        self.plan = plan
        self.key = key
        self.options = options
        self.terminal = terminal
        self.glyphs = glyphs
        self.isSilent = isSilent
        port = try PortFinder.find(options.port, for: plan)
        poller = try Poller()
        let wanted = [SIGINT, SIGTERM, SIGHUP]
        signals = rondo_open_signals(wanted, wanted.count)
        guard signals >= 0 else { throw DemonstrationError("signalfd: \(String(cString: strerror(errno)))") }
        try poller.add(signals, tag: Self.signalTag)
        let now = LocalNode.clock()
        nextMessage = now
        nextFrame = now
        director = Director(plan: plan, schedule: schedule, options: options, port: port, now: now)
        for id in plan.nodes { try start(id) }
    }

    deinit { close(signals) }

    /// - Returns: the signal that ended it; nil when it came to its end.
    func run() throws -> Int32? {
        defer { terminal.close() }
        while director.part != .done {
            var now = LocalNode.clock()
            poller.wait(until: deadline(now), now: now, into: &ready)
            if ready.contains(Self.signalTag), case let signal = rondo_next_signal(signals), signal != 0 {
                return signal
            }
            turnNodes()
            speak()
            now = LocalNode.clock()
            if director.wantsAttention(now) {
                director.advance(now, statuses)
                try carryOutCommands()
            }
            show(now)
        }
        return nil
    }

    private func deadline(_ now: Instant) -> Instant {
        var earliest = director.isStale ? now : director.deadline
        if isSpeaking { earliest = min(earliest, nextMessage) }
        if terminal.isLive { earliest = min(earliest, nextFrame) }
        for node in nodes {
            if let due = node.nextDeadline { earliest = min(earliest, due) }
        }
        return earliest
    }

    /// What is waited for: the node, and which of its sockets.
    private static func tag(_ node: NodeID, _ socket: Int) -> UInt64 { UInt64(node.rawValue) | UInt64(socket) << 32 }

    private func turnNodes() {
        for node in nodes {
            var hasMail = false
            for socket in 0..<node.socketCount where ready.contains(Self.tag(node.id, socket)) {
                node.receive(on: socket)
                hasMail = true
            }
            if hasMail || (node.nextDeadline.map { $0 <= LocalNode.clock() } ?? false) { node.settle() }
            collect(node)
        }
    }

    private func collect(_ node: LocalNode) {
        node.takeEvents(into: &events)
        for (time, event) in events { director.observe(event, of: node.id, at: time) }
        events.removeAll(keepingCapacity: true)
    }

    /// One node after the other sends a message, evenly over the second.
    private func speak() {
        guard isSpeaking, !nodes.isEmpty else { return }
        let now = LocalNode.clock()
        guard nextMessage <= now else { return }
        speaker = (speaker + 1) % nodes.count
        let node = nodes[speaker]
        if node.sendMessage() {
            node.settle()
            collect(node)
        }
        let interval = 1_000_000_000 / (UInt64(options.messagesPerSecond) * UInt64(nodes.count))
        nextMessage = max(nextMessage.adding(nanoseconds: interval), now)
    }

    // MARK: What the director wants

    private func carryOutCommands() throws {
        for command in director.commands {
            switch command {
            case .kill(let id):
                guard let index = nodes.firstIndex(where: { $0.id == id }) else { continue }
                storedSequences[id] = nodes[index].storedSequence
                for descriptor in nodes[index].network.descriptors { poller.remove(descriptor) }
                lost.append(nodes.remove(at: index))
            case .start(let id): try start(id)
            case .cut(let link, let isCut):
                if isCut { cutLinks.insert(link) } else { cutLinks.remove(link) }
                for node in nodes { node.setCut(link, isCut) }
            case .speak(let speaks):
                isSpeaking = speaks
                nextMessage = LocalNode.clock()
            }
        }
        director.commands.removeAll()
    }

    private func start(_ id: NodeID) throws {
        lives += 1
        lost.removeAll { $0.id == id }
        let node = try LocalNode(
            plan.configuration(of: id), port: port, key: key, storedSequence: storedSequences[id] ?? 0, life: lives,
            loss: Loss(percent: options.loss, seed: options.seed &* 1_000_003 &+ UInt64(lives)))
        for link in cutLinks { node.setCut(link, true) }
        for (socket, descriptor) in node.network.descriptors.enumerated() {
            try poller.add(descriptor, tag: Self.tag(id, socket))
        }
        nodes.insert(node, at: nodes.firstIndex { id < $0.id } ?? nodes.endIndex)
        node.settle()
        collect(node)
    }

    // MARK: What is seen

    private var statuses: [NodeStatus] {
        plan.nodes.map { id in nodes.first { $0.id == id }?.status ?? NodeStatus(id: id) }
    }

    private func show(_ now: Instant) {
        guard !isSilent else {
            director.lines.removeAll()
            return
        }
        guard !director.lines.isEmpty || (terminal.isLive && nextFrame <= now) else { return }
        let lines = director.lines.flatMap { StoryText.lines($0, width: terminal.width) }
        director.lines.removeAll()
        let picture =
            terminal.isLive
            ? Scene(director: director, statuses: statuses, now: now, glyphs: glyphs).lines : []
        terminal.show(lines, picture: picture)
        nextFrame = now.adding(nanoseconds: Self.frame)
    }
}
