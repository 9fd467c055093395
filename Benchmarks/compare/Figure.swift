/// What is measured.
enum Figure: Hashable, Sendable {
    case idleRotation
    case idleProcessor
    case spinRotation
    case spinProcessor
    case messageRate
    case messageProcessor
    /// Messages delivered to a process group, at each node.
    case groupRate(Load)
    case groupThroughput(Load)
    case groupProcessor(Load)
    /// From sending to delivery; the percentile, and whether to another node.
    case latency(Int, isElsewhere: Bool)
    case residentMemory
    case proportionalMemory
    case ownMemory
    case startUp

    /// In the order in which they are shown.
    static let all: [Figure] =
        [.idleRotation, .idleProcessor, .spinRotation, .spinProcessor]
        + Load.all.flatMap { [.groupRate($0), .groupThroughput($0), .groupProcessor($0)] }
        + [false, true].flatMap { elsewhere in [50, 99].map { .latency($0, isElsewhere: elsewhere) } }
        + [.messageRate, .messageProcessor, .residentMemory, .proportionalMemory, .ownMemory, .startUp]

    /// How the figure is named in JSON.
    var name: String {
        switch self {
        case .idleRotation: "idleRotation"
        case .idleProcessor: "idleProcessor"
        case .spinRotation: "spinRotation"
        case .spinProcessor: "spinProcessor"
        case .messageRate: "messageRate"
        case .messageProcessor: "messageProcessor"
        case .groupRate(let load): "groupRate-\(load.name)"
        case .groupThroughput(let load): "groupThroughput-\(load.name)"
        case .groupProcessor(let load): "groupProcessor-\(load.name)"
        case .latency(let percentile, let elsewhere): "latency\(elsewhere ? "Elsewhere" : "Own")-p\(percentile)"
        case .residentMemory: "residentMemory"
        case .proportionalMemory: "proportionalMemory"
        case .ownMemory: "ownMemory"
        case .startUp: "startUp"
        }
    }

    var title: String {
        switch self {
        case .idleRotation: "idle ring: time between two tokens"
        case .idleProcessor: "idle ring: processor time of a node"
        case .spinRotation: "spinning ring: one rotation"
        case .spinProcessor: "spinning ring: processor time of a node for a rotation"
        case .messageRate: "map: changes of a key delivered in order"
        case .messageProcessor: "map: processor time of a node for a million changes"
        case .groupRate(let load): "group, \(load.title): messages"
        case .groupThroughput(let load): "group, \(load.title): data"
        case .groupProcessor(let load): "group, \(load.title): processor time of a node for a million messages"
        case .latency(let percentile, let elsewhere):
            "group, 200 messages/s: delivery \(elsewhere ? "on another node" : "to the sender"), p\(percentile)"
        case .residentMemory: "memory of a node, resident"
        case .proportionalMemory: "memory of a node, shared pages in part"
        case .ownMemory: "memory of a node, its own"
        case .startUp: "start-up of a node alone, to ready"
        }
    }

    var unit: String {
        switch self {
        case .idleRotation, .startUp: "ms"
        case .idleProcessor: "µs/s"
        case .spinRotation, .spinProcessor, .latency: "µs"
        case .messageRate, .groupRate: "1/s"
        case .groupThroughput: "MB/s"
        case .messageProcessor, .groupProcessor: "s"
        case .residentMemory, .proportionalMemory, .ownMemory: "KiB"
        }
    }

    /// Digits after the point.
    var digits: Int {
        switch self {
        case .idleProcessor, .messageRate, .groupRate, .latency, .residentMemory, .proportionalMemory, .ownMemory: 0
        case .idleRotation, .spinRotation, .spinProcessor, .messageProcessor, .startUp, .groupProcessor,
            .groupThroughput:
            1
        }
    }

    /// Whether more of it is better.
    var isRate: Bool {
        switch self {
        case .messageRate, .groupRate, .groupThroughput: true
        default: false
        }
    }
}
