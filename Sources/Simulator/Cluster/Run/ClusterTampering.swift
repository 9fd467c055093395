import ClientProtocol
import TotemWire

/// Carries out a sabotage at its occasion, once.
struct ClusterTampering: Sendable {
    let planned: ClusterSabotage?
    /// How many occasions pass before the fault is committed.
    private var patience: Int
    private var isDone = false
    /// The loss of quorum has been kept back.
    private var isKept = false
    /// What is withheld from a connection until something else has been told.
    private var withheld: (connection: Int, bytes: [UInt8])?

    init(planned: ClusterSabotage?) {
        self.planned = planned
        patience = planned.map { $0.isRare ? 1 : 6 } ?? 0
    }

    mutating func isDue(_ kind: ClusterSabotage) -> Bool {
        guard planned == kind, !isDone else { return false }
        patience -= 1
        guard patience <= 0 else { return false }
        isDone = !kind.lasts
        return true
    }

    /// What a program gets to read instead of an event.
    mutating func events(_ bytes: [UInt8], _ connection: Int, _ service: LocalService) -> [[UInt8]] {
        guard let planned else { return [bytes] }
        if let kept = withheld, kept.connection == connection {
            withheld = nil
            return [bytes, kept.bytes]
        }
        guard planned.fits(LibraryMessage(bytes: bytes), service), isDue(planned) else { return [bytes] }
        switch planned {
        case .keepQuorum:
            isKept = true
            return []
        case .dropDelivery, .losePiece, .hideLeave, .hideJoin, .hideKeyChange: return []
        case .repeatDelivery: return [bytes, bytes]
        case .swapDeliveries, .ringBeforeChange:
            withheld = (connection, bytes)
            return []
        default: return [Self.falsified(bytes, planned)]
        }
    }

    /// What a daemon reads at its start.
    mutating func file(_ text: String) -> String {
        if isDue(.slowWindow) {
            return text.split(separator: "\n").map { $0.contains("standing_window") ? $0 + "0" : String($0) }
                .joined(separator: "\n") + "\n"
        }
        guard isDue(.hideVersion) else { return text }
        return text.split(separator: "\n").filter { !$0.contains("config_version") }.joined(separator: "\n") + "\n"
    }

    /// What a program gets for an answer; nil for none.
    mutating func answer(_ bytes: [UInt8], _ service: LocalService) -> [UInt8]? {
        guard let planned else { return bytes }
        let message = LibraryMessage(bytes: bytes)
        switch planned {
        case .loseAnswer: return isDue(planned) ? nil : bytes
        case .keepQuorum:
            // Once a tracker was not told, nobody who asks is.
            guard isKept, service == .quorum, message.id == 0, message.u32(24) == 0, bytes.count > 24 else {
                return bytes
            }
            var changed = bytes
            changed[24] = 1
            return changed
        case .wrongVotes, .wrongThreshold:
            guard service == .votequorum, message.id == 1, message.isSuccess, isDue(planned) else { return bytes }
            return Self.falsified(bytes, planned)
        default: return bytes
        }
    }

    private static func falsified(_ bytes: [UInt8], _ kind: ClusterSabotage) -> [UInt8] {
        let message = LibraryMessage(bytes: bytes)
        let place: Int =
            switch kind {
            case .alterDelivery: bytes.count - 1
            case .wrongSender: 176
            case .wrongReason: 184 + 24 * Int(message.u32(160)) + 16
            case .shortList: 184
            case .wrongRing: message.id == 13 ? 32 : 40
            case .wrongQuorum: 24
            case .wrongVotes: 44
            case .wrongThreshold: 48
            default: 0
            }
        var changed = bytes
        if changed.indices.contains(place) { changed[place] ^= kind == .wrongReason ? 6 : 1 }
        return changed
    }
}

extension ClusterSabotage {
    /// It is committed at every occasion from the first on.
    fileprivate var lasts: Bool {
        switch self {
        case .keepQuorum, .forgetRing, .keepPeers, .hideVersion, .slowWindow, .firstLinkOnly, .deafLink, .dropLastPiece,
            .sealAtOnce,
            .forgetAtOnce:
            true
        default: false
        }
    }

    /// Its occasion comes only a few times in a run.
    fileprivate var isRare: Bool {
        switch self {
        case .hideLeave, .hideJoin, .wrongReason, .ringBeforeChange, .wrongRing, .wrongQuorum, .keepQuorum, .forgetRing,
            .shortList, .losePiece, .keepPeers, .hideVersion, .slowWindow, .strangeKey, .sealAtOnce, .forgetAtOnce:
            true
        default: false
        }
    }

    /// Whether an event is one that the fault can be committed on.
    fileprivate func fits(_ message: LibraryMessage, _ service: LocalService) -> Bool {
        let isChange = service == .cpg && message.id == 4
        switch self {
        case .dropDelivery, .repeatDelivery, .swapDeliveries, .alterDelivery, .wrongSender:
            return service == .cpg && message.id == 5
        case .hideLeave: return isChange && message.u32(176) > 0 && message.u32(160) > 0
        case .hideJoin: return isChange && message.u32(168) > 0 && message.u32(160) > 1
        case .wrongReason:
            let reason = message.u32(184 + 24 * Int(message.u32(160)) + 16)
            return isChange && message.u32(176) > 0 && reason != 3
        case .shortList: return isChange && message.u32(160) > 1
        case .ringBeforeChange:
            let first = 184 + 24 * Int(message.u32(160))
            return isChange && (message.u32(176) > 0 || message.u32(168) > 0)
                && (3...4).contains(message.u32(first + 16))
        case .wrongRing: return service == .cpg && message.id == 13
        case .wrongQuorum: return service == .quorum && message.id == 6
        case .keepQuorum:
            return service == .quorum && (message.id == 6 || message.id == 3) && message.u32(24) == 0
        case .hideKeyChange: return service == .cmap && message.id == 9
        case .losePiece: return service == .cpg && message.id == 17
        case .wrongVotes, .wrongThreshold, .loseAnswer, .forgetRing, .keepPeers, .hideVersion, .slowWindow,
            .firstLinkOnly, .deafLink, .dropLastPiece, .strangeKey, .sealAtOnce, .forgetAtOnce:
            return false
        }
    }
}
