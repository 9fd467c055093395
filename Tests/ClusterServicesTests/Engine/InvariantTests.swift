import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

/// That the services' own invariants are looked at: each hand laid on sound services is noticed, under the right name.
@Suite("Invariants of the services")
struct InvariantTests {
    /// A member of three with a program in a group.
    private func engine() throws -> ServiceEngine {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        return cluster[1].engine
    }

    @Test("sound services break none, alone and in a ring")
    func sound() throws {
        var alone = ServiceEngine(configuration: ServicesConfiguration(nodeID: NodeID(1)))
        #expect(alone.brokenInvariant() == nil)
        var engine = try engine()
        #expect(engine.brokenInvariant() == nil)
    }

    typealias Damage = @Sendable (inout ServiceEngine) -> Void
    private static let client = ConnectionID(7)
    private static let group = { (name: [UInt8]) in GroupName(checked: name.span) }([65])
    private static let membership = GroupClient.Membership(group: group, pid: 9)
    private static let damages: [(ServiceInvariant, Damage)] = [
        (
            .roundIsAnnounced,
            {
                $0.synchronizer.start(
                    ringID: RingID(representative: NodeID(1), sequence: 8), members: [NodeID(1)], services: [])
            }
        ),
        (
            .waitsForSomebody,
            {
                $0.isSynchronizing = true
                $0.synchronizer.start(ringID: .none, members: [NodeID(1)], services: [])
            }
        ),
        (
            .synchronizesListed,
            {
                $0.isSynchronizing = true
                $0.synchronizer.start(
                    ringID: RingID(representative: NodeID(1), sequence: 8), members: [NodeID(1)], services: [2, 2])
            }
        ),
        (.votersAscend, { $0.voteQuorum?.others.reverse() }),
        (.votersAscend, { $0.voteQuorum?.others.append(VoteRecord(NodeID(1), state: .member)) }),
        (.flagsTellState, { $0.voteQuorum?.isQuorate.toggle() }),
        (.flagsTellState, { $0.voteQuorum?.waitsForAll.toggle() }),
        (.thresholdIsSet, { $0.voteQuorum?.threshold = 0 }),
        (.deviceVotesAlive, { $0.voteQuorum?.own.flags.insert(.deviceCastsVote) }),
        (.waitsForDevicePoll, { $0.voteQuorum?.waitsForDevice = true }),
        (
            .trackersAreDistinct,
            {
                $0.voteQuorum?.trackers = [.init(client: client, context: 1), .init(client: client, context: 2)]
            }
        ),
        (.clientsAscend, { $0.processGroups.clients = [GroupClient(id: client), GroupClient(id: client)] }),
        (
            .joinedAreKnown,
            {
                var joined = GroupClient(id: client)
                joined.state = .joined(membership)
                $0.processGroups.clients = [joined]
            }
        ),
        (.deferredAreDeparting, { $0.processGroups.deferred = [membership] }),
        (
            .announcedAreOthers,
            {
                $0.processGroups.announced = [GroupProcess(nodeID: NodeID(2), pid: 1, group: group)]
            }
        ),
    ]

    @Test("what is damaged is named", arguments: damages.indices)
    func damaged(index: Int) throws {
        let (invariant, damage) = Self.damages[index]
        var engine = try engine()
        damage(&engine)
        #expect(engine.brokenInvariant() == invariant)
    }
}
