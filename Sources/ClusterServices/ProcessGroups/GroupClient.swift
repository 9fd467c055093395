import ClusterMap
import TotemWire

/// A local connection to the process group service (spec: ipc.md 6.2). It can be in one group at a time.
struct GroupClient: Sendable {
    enum State: Sendable, Equatable {
        case unjoined
        /// The join is on its way round the ring.
        case joining(Membership)
        case joined(Membership)
        /// The leave is on its way round the ring.
        case leaving(Membership)
    }

    struct Membership: Sendable, Equatable {
        var group: GroupName
        var pid: UInt32
    }

    let id: ConnectionID
    var state = State.unjoined
    /// Wants the ring's membership along with its first event, and has not had it.
    var awaitsRing = false
    /// Membership changes delivered to this client; a fragmented message must not span one.
    var changes: UInt64 = 0
    /// `changes` when the first fragment of the present message was sent.
    var changesAtFirstFragment: UInt64 = 0
    /// Snapshots being iterated, by handle.
    var iterations: [(handle: UInt64, rest: ArraySlice<GroupProcess>)] = []

    var membership: Membership? {
        switch state {
        case .unjoined: nil
        case .joining(let membership), .joined(let membership), .leaving(let membership): membership
        }
    }

    /// The group whose events go to this client.
    var heardGroup: GroupName? {
        switch state {
        case .joined(let membership), .leaving(let membership): membership.group
        case .unjoined, .joining: nil
        }
    }

    /// Whether events of the group of this name go to this client.
    func hears(_ name: Span<UInt8>) -> Bool {
        switch state {
        case .joined(let membership), .leaving(let membership): membership.group.matches(name)
        case .unjoined, .joining: false
        }
    }

    /// Whether events of `group` go to this client.
    func hears(_ group: GroupName) -> Bool {
        heardGroup == group
    }
}
