import ClientProtocol
import TotemWire

/// Reads what trackers of quorum are told.
struct QuorumReader: EventReader {
    func read(_ event: Answer, on _: ServiceConnection<Quorum.Change>) throws -> (event: Quorum.Change, weight: Int)? {
        switch try QuorumNotice(event) {
        case .decision(let isQuorate, let ring, let members):
            (.quorum(isQuorate: isQuorate, ring: RingID(ring), members: members.map { NodeID($0.rawValue) }), 0)
        case .nodes(let ring, let members, let joined, let left):
            (
                .nodes(
                    ring: RingID(ring), members: members.map { NodeID($0.rawValue) },
                    joined: joined.map { NodeID($0.rawValue) }, left: left.map { NodeID($0.rawValue) }), 0
            )
        case nil: nil
        }
    }
}

extension RingID {
    init(_ ring: TotemWire.RingID) {
        self.init(representative: NodeID(ring.representative.rawValue), sequence: ring.sequence)
    }
}
