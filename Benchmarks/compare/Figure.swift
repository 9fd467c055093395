/// What is measured, in the order it is shown.
enum Figure: String, CaseIterable {
    case idleRotation
    case idleProcessor
    case spinRotation
    case spinProcessor
    case messageRate
    case messageProcessor
    case residentMemory
    case proportionalMemory
    case ownMemory
    case startUp

    var title: String {
        switch self {
        case .idleRotation: "idle ring: time between two tokens"
        case .idleProcessor: "idle ring: processor time of a node"
        case .spinRotation: "spinning ring: one rotation"
        case .spinProcessor: "spinning ring: processor time of a node for a rotation"
        case .messageRate: "messages of 336 bytes delivered in order"
        case .messageProcessor: "processor time of a node for a message"
        case .residentMemory: "memory of a node, resident"
        case .proportionalMemory: "memory of a node, shared pages in part"
        case .ownMemory: "memory of a node, its own"
        case .startUp: "start-up of a node alone, to ready"
        }
    }

    var unit: String {
        switch self {
        case .idleRotation: "ms"
        case .idleProcessor: "µs/s"
        case .spinRotation, .spinProcessor, .messageProcessor: "µs"
        case .messageRate: "1/s"
        case .residentMemory, .proportionalMemory, .ownMemory: "KiB"
        case .startUp: "ms"
        }
    }

    /// Digits after the point.
    var digits: Int {
        switch self {
        case .idleProcessor, .messageRate, .residentMemory, .proportionalMemory, .ownMemory: 0
        case .idleRotation, .spinRotation, .spinProcessor, .messageProcessor, .startUp: 1
        }
    }
}
