import CCorosync

/// The groups of the whole cluster, seen without joining any.
public final class ProcessGroups: Sendable {
    private let connection: ServiceConnection<GroupEvent>

    private init(_ connection: ServiceConnection<GroupEvent>) { self.connection = connection }

    /// Connects with the daemon.
    public static func connect(patience: Patience = .standard) async throws(ClusterError) -> ProcessGroups {
        ProcessGroups(
            try await ServiceConnection.open(.cpg, patience: patience, initialize: GroupCallbacks.initialize))
    }

    /// The names of all groups that have members.
    public func names() async throws(ClusterError) -> [GroupName] {
        try await Self.list(CPG_ITERATION_NAME_ONLY, of: nil, on: connection, "list the process groups")
            .map { GroupName($0.group) }
    }

    /// The members of all groups, in the order in which the daemon keeps them: by node and process.
    public func allMembers() async throws(ClusterError) -> [(group: GroupName, member: GroupMember)] {
        try await Self.list(CPG_ITERATION_ALL, of: nil, on: connection, "list the members of all process groups")
            .map { (GroupName($0.group), GroupMember(node: NodeID($0.nodeid), process: $0.pid)) }
    }

    /// The members of a group, ascending; none if there is no such group.
    public func members(of name: GroupName) async throws(ClusterError) -> [GroupMember] {
        try await Self.members(of: name, on: connection)
    }

    static func members(
        of name: GroupName, on connection: ServiceConnection<GroupEvent>
    ) async throws(ClusterError) -> [GroupMember] {
        let operation = "list the members of group '\(name)'"
        let libraryName = try name.forLibrary(operation)
        return try await list(CPG_ITERATION_ONE_GROUP, of: libraryName, on: connection, operation)
            .map { GroupMember(node: NodeID($0.nodeid), process: $0.pid) }.sorted()
    }

    private static func list(
        _ type: cpg_iteration_type_t, of name: cpg_name?, on connection: ServiceConnection<GroupEvent>,
        _ operation: String
    ) async throws(ClusterError) -> [cpg_iteration_description_t] {
        try await connection.request(operation) { handle throws(ClusterError) in
            var iteration: cpg_iteration_handle_t = 0
            let answer: cs_error_t
            if var name {
                answer = cpg_iteration_initialize(handle, type, &name, &iteration)
            } else {
                answer = cpg_iteration_initialize(handle, type, nil, &iteration)
            }
            try ClusterError.check(answer, operation)
            defer { _ = cpg_iteration_finalize(iteration) }
            var found: [cpg_iteration_description_t] = []
            while true {
                var entry = cpg_iteration_description_t()
                let answer = cpg_iteration_next(iteration, &entry)
                if answer == CS_ERR_NO_SECTIONS { return found }
                try ClusterError.check(answer, operation)
                found.append(entry)
            }
        }
    }
}
