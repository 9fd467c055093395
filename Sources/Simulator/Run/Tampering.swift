import Basics
import TotemWire

/// Carries out a sabotage at its occasion.
struct Tampering: Sendable {
    enum Delivery {
        case asItIs
        case not
        case twice
        case otherwise([UInt8])
        /// Withheld for now …
        case kept([UInt8])
        /// … and delivered after this one.
        case after([UInt8], NodeID)
    }

    /// How many occasions pass before the fault is committed.
    private var patience = 12
    private var isDone = false
    private var victim: Int?
    var kept: ([UInt8], NodeID)?

    /// Whether now is the time for `kind`; it is so only once.
    mutating func isDue(_ kind: Sabotage, _ planned: Sabotage?) -> Bool {
        guard planned == kind, !isDone else { return false }
        patience -= kind.isRare ? 6 : 1
        guard patience <= 0 else { return false }
        isDone = kind != .forgetRing
        return true
    }

    mutating func delivery(_ node: Int, _ body: Span<UInt8>, _ planned: Sabotage?) -> Delivery {
        guard let planned else { return .asItIs }
        if let withheld = kept {
            guard victim == node else { return .asItIs }
            kept = nil
            return .after(withheld.0, withheld.1)
        }
        switch planned {
        case .dropDelivery: return isDue(planned, planned) ? .not : .asItIs
        case .repeatDelivery: return isDue(planned, planned) ? .twice : .asItIs
        case .alterDelivery:
            guard isDue(planned, planned) else { return .asItIs }
            var bytes: [UInt8] = []
            bytes.append(copying: body)
            if !bytes.isEmpty { bytes[bytes.count - 1] ^= 1 }
            return .otherwise(bytes)
        case .swapDeliveries:
            guard isDue(planned, planned) else { return .asItIs }
            var bytes: [UInt8] = []
            bytes.append(copying: body)
            victim = node
            return .kept(bytes)
        default:
            return .asItIs
        }
    }
}

extension Sabotage {
    /// Its occasion comes only a few times in a run.
    var isRare: Bool {
        switch self {
        case .forgetRing, .hideCompanion, .hideTransitional, .skipSynchronization: true
        default: false
        }
    }
}
