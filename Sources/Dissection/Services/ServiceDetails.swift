import ClusterServices
import TotemWire

/// The main fields of a service's message (spec: services.md 2 to 6).
struct ServiceDetails {
    /// For the line.
    var words = ""
    var fields: [Field] = []

    init(words: String = "") { self.words = words }

    init(synchronization id: UInt32, _ body: Span<UInt8>, _ order: ByteOrder) throws(WireError) {
        switch id {
        case Barrier.id:
            let barrier = try Barrier(decoding: body, order: order)
            words = "ring \(barrier.ringID)"
            fields = [Field("ring_id", .ring(barrier.ringID), "its sender is through with the current service")]
        case ServiceBuild.id:
            let build = try ServiceBuild(decoding: body, order: order)
            words = "ring \(build.ringID), services \(runs(build.services))"
            fields = [
                Field("ring_id", .ring(build.ringID)),
                Field(
                    "service_list", .list(build.services.map { .number(UInt64($0)) }),
                    "services its sender synchronises"),
            ]
        default: break
        }
    }

    init(service: UInt16, _ function: UInt16, _ body: Span<UInt8>, _ order: ByteOrder) throws(WireError) {
        switch (service, function) {
        case (0, 0): map(try ConfigVersionMessage(decoding: body, order: order))
        case (1, 1): kill(try KillNode(decoding: body, order: order))
        case (1, 3): source(try ReloadConfiguration(decoding: body, order: order).source)
        case (1, 4):
            let phase = try CryptoReconfiguration(decoding: body, order: order).phase
            words = "phase \(phase)"
            fields = [Field("phase", .number(phase), phase == 1 ? "send with the new key" : "forget the old key")]
        case (2, 0): process(try ProcessJoin(decoding: body, order: order).change)
        case (2, 1): process(try ProcessLeave(decoding: body, order: order).change)
        case (2, 2): joinList(try JoinList(decoding: body, order: order))
        case (2, 3): multicast(try GroupMulticast(decoding: body, order: order))
        case (2, 5): downList(try DownList(decoding: body, order: order))
        case (2, 6): fragment(try GroupFragment(decoding: body, order: order))
        case (5, 0): nodeInfo(try NodeInfo(decoding: body, order: order))
        case (5, 1): reconfigure(try Reconfigure(decoding: body, order: order))
        case (5, 2): device(try DeviceRegistration(decoding: body, order: order))
        case (5, 3): rename(try DeviceRename(decoding: body, order: order))
        case (5, 4): information(try DeviceInformation(decoding: body, order: order))
        default: break
        }
    }

    private mutating func map(_ message: ConfigVersionMessage) {
        let version = message.version.map { "\($0)" } ?? "none"
        words = "config_version \(version)"
        let reason =
            switch message.reason {
            case .synchronization: "part of a synchronisation"
            case .changed: "the key was changed"
            case nil: "no known reason"
            }
        fields = [
            Field("reason", .text(reason)),
            Field(ConfigVersionMessage.key, message.version.map { .number($0) } ?? .text("none")),
        ]
    }

    private mutating func kill(_ message: KillNode) {
        words = "node \(message.nodeID): \(printable(message.reason))"
        fields = [
            Field("nodeid", .node(message.nodeID), "the node that shall end at once"),
            Field("reason", .text(printable(message.reason))),
        ]
    }

    private mutating func source(_ source: MessageSource) {
        fields.append(Field("source.nodeid", .node(source.nodeID)))
        fields.append(Field("source.conn", .hexadecimal(source.connection), "the sender's own mark, a pointer"))
    }

    private static let reasons = ["undefined", "join", "leave", "node down", "node up", "process down"]

    private mutating func process(_ change: ProcessChange) {
        let number = change.reason.rawValue
        let reason = number < Self.reasons.count ? Self.reasons[Int(number)] : "no known reason"
        words = "group '\(printable(change.group.bytes))' pid \(change.pid)"
        fields = [
            Field("group", .text(printable(change.group.bytes))),
            Field("pid", .number(change.pid)),
            Field("reason", .number(number), reason),
        ]
    }

    private mutating func joinList(_ list: JoinList) {
        words = list.entries.count == 1 ? "1 process" : "\(list.entries.count) processes"
        for (index, entry) in list.entries.enumerated() {
            fields.append(
                Field(
                    "process[\(index)]",
                    .group([
                        Field("pid", .number(entry.pid)), Field("group", .text(printable(entry.group.bytes))),
                    ])))
        }
    }

    private mutating func multicast(_ message: GroupMulticast) {
        words = "group '\(printable(message.group.bytes))', \(counted(message.payload.count, "byte")) of data"
        fields = [
            Field("group", .text(printable(message.group.bytes))),
            Field("pid", .number(message.pid)),
            Field("msglen", .number(message.payload.count)),
        ]
        source(message.source)
    }

    private mutating func fragment(_ message: GroupFragment) {
        words =
            "group '\(printable(message.group.bytes))', \(message.fragment.count) of "
            + "\(counted(message.messageLength, "byte")) of data"
        fields = [
            Field("group", .text(printable(message.group.bytes))),
            Field("pid", .number(message.pid)),
            Field("msglen", .number(message.messageLength), "of the whole message"),
            Field("fraglen", .number(message.fragment.count)),
            Field("type", .number(message.position.rawValue), "\(message.position)"),
        ]
        source(message.source)
    }

    private mutating func downList(_ list: DownList) {
        words = list.left.isEmpty ? "nobody left" : "left \(nodeList(list.left))"
        fields = [
            Field("old_members", .number(list.oldMembers), "members before the change"),
            Field("left_nodes", .nodes(list.left)),
        ]
    }

    private mutating func nodeInfo(_ info: NodeInfo) {
        let flags = Self.flags(info.flags)
        words = info.nodeID == .none ? "quorum device" : "node \(info.nodeID)"
        words += ", \(counted(info.votes, "vote"))"
        if info.nodeID != .none { words += " of \(info.expectedVotes)" }
        if !flags.isEmpty { words += ", \(flags)" }
        fields = [
            Field("nodeid", .node(info.nodeID), info.nodeID == .none ? "the quorum device's record" : ""),
            Field("votes", .number(info.votes)),
            Field("expected_votes", .number(info.expectedVotes)),
            Field("flags", .number(info.flags.rawValue), flags),
        ]
    }

    private static func flags(_ flags: NodeInfo.Flags) -> String {
        let names: [(NodeInfo.Flags, String)] = [
            (.quorate, "quorate"), (.leaving, "leaving"), (.waitsForAll, "waits for all"), (.first, "first"),
            (.deviceRegistered, "device registered"), (.deviceAlive, "device alive"),
            (.deviceCastsVote, "device votes"), (.deviceMasterWins, "device master wins"),
        ]
        return names.filter { flags.contains($0.0) }.map(\.1).joined(separator: " + ")
    }

    private mutating func reconfigure(_ message: Reconfigure) {
        let parameter =
            switch message.parameter {
            case .some(let parameter): "\(parameter)"
            case nil: "no known parameter"
            }
        words = "node \(message.nodeID), \(parameter) \(message.value)"
        fields = [
            Field("nodeid", .node(message.nodeID)),
            Field("param", .text(parameter)),
            Field("value", .number(message.value)),
        ]
    }

    private mutating func device(_ message: DeviceRegistration) {
        let operation = message.operation.map { "\($0)" } ?? "no known operation"
        words = "\(operation) '\(printable(message.name))'"
        fields = [Field("operation", .text(operation)), Field("name", .text(printable(message.name)))]
    }

    private mutating func information(_ message: DeviceInformation) {
        words = message.bytes.isEmpty ? "none any more" : "\(message.bytes.count) bytes '\(printable(message.bytes))'"
        fields = [Field("nodeid", .node(message.nodeID)), Field("extra_info", .text(printable(message.bytes)))]
    }

    private mutating func rename(_ message: DeviceRename) {
        words = "'\(printable(message.oldName))' to '\(printable(message.newName))'"
        fields = [
            Field("oldname", .text(printable(message.oldName))), Field("newname", .text(printable(message.newName))),
        ]
    }
}
