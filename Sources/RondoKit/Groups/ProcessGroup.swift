import ClientProtocol
import ClusterMap
import Glibc
import LocalClient

/// Membership of this process in a group of processes all over the cluster, which see the same messages and the same
/// changes among themselves in the same order.
///
/// ```swift
/// let group = try await ProcessGroup.join("accounts")
/// try await group.send(Array("hello".utf8))
/// for try await event in group.events {
///     switch event {
///     case .message(let message): print(message.sender, message.bytes)
///     case .membership(let membership): print(membership.members)
///     case .ring(let ring): print(ring.nodes)
///     }
/// }
/// ```
///
/// The group is left by `leave()`, when the task that iterates over `events` is cancelled, or when neither the group nor
/// its events are referenced any more. A process can be in one group of a name once.
public final class ProcessGroup: Sendable {
    /// The group's name.
    public let name: GroupName
    /// This process, as the others see it.
    public let localMember: GroupMember
    private let connection: ServiceConnection<GroupEvent>

    private init(_ name: GroupName, _ localMember: GroupMember, _ connection: ServiceConnection<GroupEvent>) {
        self.name = name
        self.localMember = localMember
        self.connection = connection
    }

    /// The longest message that is sent in one piece, in bytes. A longer one is sent in parts and delivered whole.
    public static let maximumMessageInOnePiece = CpgRequest.longestMulticast

    /// Joins a group. The first event is the membership change with which this process is in it.
    ///
    /// - Parameter patience: How long to go on while the engine says "try again", here and for what is asked of the
    ///   group later.
    /// - Throws: `library` without a daemon, `access` when it refuses this user, `exist` when this process is in the
    ///   group already, `nameTooLong`, `tryAgain` when patience ends.
    public static func join(_ name: GroupName, patience: Patience = .standard) async throws(ClusterError)
        -> ProcessGroup
    {
        let operation = "join group '\(name)'"
        let checkedName = try name.forRequest(operation)
        let process = UInt32(bitPattern: getpid())
        let connection = try await ServiceConnection<GroupEvent>.open(
            .cpg, patience: patience, reader: GroupReader(),
            // Without leaving, the others would see a process that ended (spec: ipc.md 6.2).
            farewell: { local in
                _ = try? local.requestWhenFree(.leave(group: checkedName, process: process))
                _ = try? local.request(CpgRequest.finalize)
            })
        let node = try await connection.request("ask for the local node id") { local throws(ClusterError) in
            try local.ask(CpgRequest.localNode, "ask for the local node id") { answer in
                NodeID(try answer.cpgLocalNode().rawValue)
            }
        }
        try await connection.requestWhenFree(
            operation, .join(group: checkedName, process: process, wantsRing: true))
        let member = GroupMember(node: node, process: process)
        return ProcessGroup(name, member, connection)
    }

    /// Messages and changes, from joining on. See `ClusterEvents` for what happens when the loop is slow or ends.
    public var events: ClusterEvents<GroupEvent> {
        let localMember = self.localMember
        return ClusterEvents(
            of: connection,
            until: { event in
                guard case .membership(let membership) = event else { return false }
                return membership.left.contains { $0.member == localMember }
            })
    }

    /// Sends a message to all members, this one included. Returns when the daemon has it; it is delivered when it comes
    /// back in `events`. One task's messages arrive in the order they were sent.
    ///
    /// While the ring changes, or its queues are full, the call waits, suspended, and tries again.
    ///
    /// - Parameter patience: How long to wait; the group's by default.
    /// - Throws: `tryAgain` when patience ends: the message was not sent. `interrupted` when the task is cancelled
    ///   while it waits: neither. `badHandle` after leaving, `library` when the daemon went away.
    public func send(_ message: some Sequence<UInt8>, patience: Patience? = nil) async throws(ClusterError) {
        let bytes = Array(message)
        let operation = "send \(bytes.count) bytes to group '\(name)'"
        try await connection.request(operation, patience: patience) { local throws(ClusterError) in
            let answer: UInt32
            do throws(LocalClientError) {
                answer = try local.multicast(bytes)
            } catch {
                throw ClusterError(error, operation: operation)
            }
            guard answer != ClientError.success else { return }
            // A message in parts is given up when the membership changes meanwhile; receivers drop what they have of it
            // when it starts anew (spec: ipc.md 6.4).
            let code = ClusterError.Code(rawValue: answer)
            throw ClusterError(code == .interrupted ? .tryAgain : code, operation: operation)
        }
    }

    /// Leaves the group. `events` goes on up to the change with which this process is no more in it, and ends.
    public func leave() async throws(ClusterError) {
        let operation = "leave group '\(name)'"
        try await connection.requestWhenFree(
            operation, .leave(group: try name.forRequest(operation), process: localMember.process))
    }

    /// Who is in the group at this moment, as the daemon knows it; `events` tells it in order with the messages.
    public func members() async throws(ClusterError) -> [GroupMember] {
        try await ProcessGroups.members(of: name, on: connection)
    }
}

extension ServiceConnection {
    /// Joins or leaves.
    fileprivate func requestWhenFree(_ operation: String, _ request: CpgRequest) async throws(ClusterError) {
        try await self.request(operation) { local throws(ClusterError) in
            let answer: Answer
            do throws(LocalClientError) {
                answer = try local.requestWhenFree(request)
            } catch {
                throw ClusterError(error, operation: operation)
            }
            try ClusterError.check(answer, operation)
        }
    }
}
