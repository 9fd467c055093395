import ClientProtocol
import LocalClient

/// The groups of the whole cluster, seen without joining any.
public final class ProcessGroups: Sendable {
    private let connection: ServiceConnection<GroupEvent>

    private init(_ connection: ServiceConnection<GroupEvent>) { self.connection = connection }

    /// Connects with the daemon.
    public static func connect(patience: Patience = .standard) async throws(ClusterError) -> ProcessGroups {
        ProcessGroups(
            try await ServiceConnection.open(
                .cpg, patience: patience, farewell: { _ = try? $0.request(CpgRequest.finalize) }))
    }

    /// The names of all groups that have members.
    public func names() async throws(ClusterError) -> [GroupName] {
        try await Self.list(.names, on: connection, "list the process groups")
            .map(\.group)
    }

    /// The members of all groups, in the order in which the daemon keeps them: by node and process.
    public func allMembers() async throws(ClusterError) -> [(group: GroupName, member: GroupMember)] {
        try await Self.list(.all, on: connection, "list the members of all process groups")
    }

    /// The members of a group, ascending; none if there is no such group.
    public func members(of name: GroupName) async throws(ClusterError) -> [GroupMember] {
        try await Self.members(of: name, on: connection)
    }

    static func members(
        of name: GroupName, on connection: ServiceConnection<GroupEvent>
    ) async throws(ClusterError) -> [GroupMember] {
        let operation = "list the members of group '\(name)'"
        return try await list(.oneGroup, of: try name.forRequest(operation), on: connection, operation)
            .map(\.member).sorted()
    }

    private static func list(
        _ kind: CpgIterationKind, of name: CpgName = CpgName([]), on connection: ServiceConnection<GroupEvent>,
        _ operation: String
    ) async throws(ClusterError) -> [(group: GroupName, member: GroupMember)] {
        try await connection.request(operation) { local throws(ClusterError) in
            let walk = try local.ask(CpgRequest.startIteration(kind, group: name), operation) { answer in
                try answer.cpgIteration()
            }
            defer { _ = try? local.request(CpgRequest.endIteration(handle: walk)) }
            var found: [(group: GroupName, member: GroupMember)] = []
            while true {
                do throws(ClusterError) {
                    let entry = try local.ask(CpgRequest.iterate(handle: walk), operation) { answer in
                        try answer.cpgIterationEntry()
                    }
                    let member = GroupMember(node: NodeID(entry.node.rawValue), process: entry.process)
                    found.append((GroupName(bytes: entry.group), member))
                } catch {
                    guard error.code == .noSections else { throw error }
                    return found
                }
            }
        }
    }
}
