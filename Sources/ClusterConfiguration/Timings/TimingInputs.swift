/// Where a value came from.
public enum ValueSource: Sendable, Hashable {
    /// A line of the configuration.
    case file(Origin)
    /// Nothing was given.
    case builtIn
    /// Set for this question, not by the configuration.
    case override
    /// A client of the configuration map set it while the daemon ran.
    case map
    /// The number of nodes with an address on link 0.
    case nodeList
    /// Computed from other values.
    case derived
}

extension ValueSource: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let origin): "\(origin)"
        case .builtIn: "default"
        case .override: "override"
        case .map: "map"
        case .nodeList: "nodelist"
        case .derived: "derived"
        }
    }
}

/// Everything the timings are derived from, each with its source.
public struct TimingInputs: Sendable, Hashable {
    public struct Given: Sendable, Hashable {
        public var value: ConfigurationValue
        public var source: ValueSource
    }

    /// What one link says about its knet timers.
    public struct Link: Sendable, Hashable {
        public var number: Int
        public var pongCount: Given?
        public var pingInterval: Given?
        public var pingTimeout: Given?

        public init(number: Int) { self.number = number }
    }

    /// The members of link 0; the token is scaled with them (spec: configuration.md 5.1).
    public var nodeCount: UInt32
    public var nodeCountSource: ValueSource
    /// All nodes of the node list, on whichever link.
    public var ringSize: UInt32
    public var transport: Transport
    public var links: [Link]
    private var given: [TimingParameter: Given] = [:]

    /// The defaults of a cluster of `nodeCount` nodes with one link.
    public init(nodeCount: UInt32, source: ValueSource = .override, transport: Transport = .knet) {
        self.nodeCount = nodeCount
        nodeCountSource = source
        ringSize = nodeCount
        self.transport = transport
        links = [Link(number: 0)]
    }

    /// Takes over a key `totem.NAME`; nil removes it. Other keys and values of another type than the key's are ignored
    /// or count as absent, as they do for Corosync.
    ///
    /// - Returns: whether the key is one the timings depend on.
    @discardableResult
    public mutating func set(_ key: String, _ value: ConfigurationValue?, source: ValueSource) -> Bool {
        guard key.hasPrefix("totem."), let parameter = TimingParameter(rawValue: String(key.dropFirst(6))) else {
            return false
        }
        guard let value, value.type == KeyTable.description(forPath: key)?.type else {
            given[parameter] = nil
            return true
        }
        given[parameter] = Given(value: value, source: source)
        return true
    }

    /// What was given for `parameter`, unless it asks for the default.
    public func given(_ parameter: TimingParameter) -> Given? {
        guard let entry = given[parameter] else { return nil }
        if case .u32(0) = entry.value, !parameter.allowsZero { return nil }
        return entry
    }
}
