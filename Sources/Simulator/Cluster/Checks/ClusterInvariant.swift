/// What programs may rely on, whatever happens to nodes and network (spec: services.md 2 to 7, ipc.md 6 to 10).
package enum ClusterInvariant: String, Sendable, CaseIterable, GuaranteeName {
    case wellFormed = "well-formed"
    case groupOrder = "group-order"
    case groupDelivery = "group-delivery"
    case groupIntegrity = "group-integrity"
    case groupViews = "group-views"
    case groupReasons = "group-reasons"
    case changeOrder = "change-order"
    case ringReports = "ring-reports"
    case onePartition = "one-partition"
    case staleQuorum = "stale-quorum"
    case votes
    case quorumReports = "quorum-reports"
    case mapChanges = "map-changes"
    case linkCuts = "link-cuts"
    case keys
    case answers
    case liveness
    case machine

    package var name: String { rawValue }

    package var title: String {
        switch self {
        case .wellFormed: "a client library can read what it is sent"
        case .groupOrder:
            "members that stay together are told the same messages and changes in the same order, and no two members see "
                + "two messages in different orders"
        case .groupDelivery:
            "every message of a member reaches every member once, in the sender's order, its sender too"
        case .groupIntegrity: "a message arrives whole, unaltered, and under its sender's name"
        case .groupViews: "members of a group in the same ring see the same members; nobody is one whose node is away"
        case .groupReasons: "members are told truly why another came or went"
        case .changeOrder: "processes of lost nodes leave, those of found nodes join, then the ring is reported"
        case .ringReports:
            "a ring has one list of members, the reporting node among them; rings are reported in their order"
        case .onePartition: "no two partitions are quorate at once, where the options promise it"
        case .staleQuorum:
            "who is cut off is quorate no longer than it takes to miss the token and to agree, and a second"
        case .votes: "votes, threshold and flags are what the members' votes and the options make them"
        case .quorumReports: "trackers of quorum are told every change, and answers agree with what was told"
        case .mapChanges: "who tracks a key of the map is told each of its changes, old value and new"
        case .linkCuts: "links that are cut change no ring while another one leads from each member to each"
        case .keys: "what a member of a ring seals every other one opens, whatever keys are changed"
        case .answers: "every question is answered, as the spec has it"
        case .liveness: "when faults stop, all nodes are in one ring, all messages delivered, all programs served"
        case .machine: "the machines of each node keep their own invariants"
        }
    }
}

/// Something that programs could not rely on.
package typealias ClusterViolation = Breach<ClusterInvariant>
