/// How many messages were sent, delivered and refused.
public struct DeliveryCounters: Sendable, Equatable {
    /// One pair per message kind, in the order of `layout`.
    private var pairs: [Pair]
    /// Grows with every message counted: tells at a glance whether anything is new.
    private(set) var total: UInt64 = 0

    public struct Pair: Sendable, Equatable {
        public var sent: UInt64 = 0
        public var received: UInt64 = 0
    }

    /// Messages whose content no correct sender writes: dropped.
    public private(set) var malformed: UInt64 = 0
    /// Messages for services that are not loaded: dropped.
    public private(set) var unknownService: UInt64 = 0
    /// Messages for functions that a loaded service does not have: dropped.
    public private(set) var unknownFunction: UInt64 = 0

    init() {
        pairs = Array(repeating: Pair(), count: ServiceID.allCases.reduce(0) { $0 + $1.functionCount })
    }

    /// Messages of one kind: sent by this node, and delivered to it (own ones included).
    public subscript(service: ServiceID, function: UInt16) -> Pair {
        guard let index = Self.index(service, function), index < pairs.count else { return Pair() }
        return pairs[index]
    }

    mutating func sent(_ service: ServiceID, _ function: UInt16) {
        guard let index = Self.index(service, function) else { return }
        pairs[index].sent &+= 1
        total &+= 1
    }

    mutating func received(_ service: ServiceID, _ function: UInt16) {
        guard let index = Self.index(service, function) else { return }
        pairs[index].received &+= 1
        total &+= 1
    }

    mutating func countMalformed() { malformed &+= 1 }
    mutating func countUnknownService() { unknownService &+= 1 }
    mutating func countUnknownFunction() { unknownFunction &+= 1 }

    private static func index(_ service: ServiceID, _ function: UInt16) -> Int? {
        guard Int(function) < service.functionCount else { return nil }
        let start =
            switch service {
            case .map: 0
            case .configuration: 1
            case .processGroups: 6
            case .quorum: 13
            // The last two have no messages.
            case .voteQuorum, .monitor, .watchdog: 13
            }
        return start + Int(function)
    }
}
