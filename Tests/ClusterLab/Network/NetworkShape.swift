/// What the network does to every frame on its way to any node.
public struct NetworkShape: Sendable, Equatable {
    public var delay: Duration
    /// The delay varies by so much in both directions, evenly; frames overtake each other accordingly.
    public var jitter: Duration
    /// Percent of frames that get lost.
    public var loss: Double
    /// Percent of frames that arrive twice.
    public var duplicate: Double

    public init(delay: Duration, jitter: Duration = .zero, loss: Double = 0, duplicate: Double = 0) {
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.duplicate = duplicate
    }
}

/// Who shapes a laboratory's network.
public enum Shaper: String, Sendable, CustomStringConvertible {
    /// The kernel's queueing discipline, set up with tc.
    case netem = "tc netem"
    /// The laboratory's own program between the nodes' cables, where the kernel has no netem.
    case relay

    public var description: String { rawValue }

    /// What shapes networks on this machine.
    public static var available: Shaper { Requirements.kernelDelaysPackets ? .netem : .relay }
}

extension Laboratory {
    /// Delays, loses and doubles all frames between the nodes on link 0 from now on, or changes how; replaces an earlier
    /// shape.
    ///
    /// While the relay does it, `partition`, `cut` and `lose` have no effect: the frames no longer pass the bridge.
    ///
    /// - Parameter seed: of the relay's chance.
    @discardableResult
    public func shape(_ shape: NetworkShape, by shaper: Shaper = .available, seed: UInt64 = 1) throws -> Shaper {
        switch shaper {
        case .netem: try wiring.shapeByKernel(shape, ports: nodes.map(\.number))
        case .relay: try wiring.shapeByRelay(shape, nodes: nodes, folder: folder, seed: seed)
        }
        return shaper
    }

    /// Frames pass at once again.
    public func endShape() throws { try wiring.endShape(ports: nodes.map(\.number)) }
}

extension Switch {
    fileprivate func shapeByKernel(_ shape: NetworkShape, ports: [Int]) throws {
        var words = "delay \(shape.delay.microseconds)us \(shape.jitter.microseconds)us limit 100000"
        if shape.loss > 0 { words += " loss \(shape.loss)%" }
        if shape.duplicate > 0 { words += " duplicate \(shape.duplicate)%" }
        for port in ports { try inside("tc qdisc replace dev p\(port) root netem \(words)") }
        isShapedByKernel = true
    }

    fileprivate func shapeByRelay(_ shape: NetworkShape, nodes: [Node], folder: String, seed: UInt64) throws {
        if relay == nil {
            let program = try Relay.build(in: folder)
            for node in nodes { _ = try mustRun(node.machine.entrance + [program, "plain", "eth0"]) }
            let ports = nodes.map { "p\($0.number)" }
            for port in ports { try inside("ip link set \(port) nomaster") }
            relay = try Relay(program, ports: ports, machine: machine, folder: folder, seed: seed)
        }
        try relay?.set(shape)
    }

    fileprivate func endShape(ports: [Int]) throws {
        if let relay {
            relay.end()
            self.relay = nil
            for port in ports { try inside("ip link set p\(port) master lab") }
        }
        if isShapedByKernel {
            for port in ports { try inside("tc qdisc del dev p\(port) root") }
            isShapedByKernel = false
        }
    }
}

extension Duration {
    /// Whole microseconds, rounded down.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
