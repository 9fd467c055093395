import Basics
import ClusterServices
import Totem
import TotemWire

/// Messages of the services: whole ones of every kind, with numbers and names of the input, and any bytes.
enum MessageScript {
    /// - Parameter rings: ring ids that are worth naming; there must be one.
    static func message(_ rings: [RingID], _ reader: inout InputReader) -> (MessageGroup, [UInt8]) {
        switch reader.u8() % 20 {
        case 0...6: (.services, ofProcessGroups(&reader))
        case 7...11: (.services, ofVoteQuorum(&reader))
        case 12...14: (.services, ofOthers(&reader))
        case 15, 16: (.synchronization, barrier(rings, &reader))
        case 17: (.synchronization, build(rings, &reader))
        case 18: (.synchronization, reader.string())
        default: (.services, anything(&reader))
        }
    }

    private static func ofProcessGroups(_ reader: inout InputReader) -> [UInt8] {
        let kind = reader.u8() % 6
        guard let group = GroupName(Array(Words.name(&reader).prefix(GroupName.limit))) else { return [] }
        let pid = reader.number()
        let reason = ChangeReason(rawValue: UInt32(reader.u8() & 7))
        switch kind {
        case 0: return ProcessJoin(ProcessChange(group: group, pid: pid, reason: reason)).encoded()
        case 1: return ProcessLeave(ProcessChange(group: group, pid: pid, reason: reason)).encoded()
        case 2: return JoinList(entries: joinEntries(group, &reader)).encoded()
        case 3: return DownList(oldMembers: pid, left: nodes(&reader)).encoded()
        case 4:
            return GroupMulticast(group: group, pid: pid, source: source(&reader), payload: reader.string()).encoded()
        default:
            return GroupFragment(
                group: group, messageLength: reader.number(), pid: pid,
                position: reader.pick([.first, .continued, .last]), source: source(&reader), fragment: reader.string()
            ).encoded()
        }
    }

    private static func ofVoteQuorum(_ reader: inout InputReader) -> [UInt8] {
        switch reader.u8() % 6 {
        case 0, 1:
            NodeInfo(
                nodeID: NodeID(reader.number()), votes: reader.number(), expectedVotes: reader.number(),
                flags: NodeInfo.Flags(rawValue: UInt32(reader.u16()))
            ).encoded()
        case 2:
            Reconfigure(
                nodeID: NodeID(reader.number()), value: reader.number(),
                parameter: reader.pick([.expectedVotes, .votes, .cancelWaitForAll])
            ).encoded()
        case 3:
            DeviceRegistration(operation: reader.pick([.register, .unregister]), name: Words.name(&reader)).encoded()
        case 4: DeviceInformation(nodeID: NodeID(reader.number()), bytes: reader.string()).encoded()
        default: DeviceRename(oldName: Words.name(&reader), newName: Words.name(&reader)).encoded()
        }
    }

    private static func ofOthers(_ reader: inout InputReader) -> [UInt8] {
        switch reader.u8() % 8 {
        case 0: KillNode(nodeID: NodeID(reader.number()), reason: Words.name(&reader)).encoded()
        case 1, 2: ReloadConfiguration(source: source(&reader)).encoded()
        case 3: CryptoReconfiguration(phase: reader.number()).encoded()
        case 4: Shutdown().encoded()
        default:
            ConfigVersionMessage(
                reason: reader.pick([.synchronization, .changed]),
                version: reader.u8() & 1 == 0 ? nil : UInt64(reader.number())
            ).encoded()
        }
    }

    /// A header that names a service, and any bytes behind it.
    private static func anything(_ reader: inout InputReader) -> [UInt8] {
        var writer = ByteWriter()
        let service = UInt32(reader.u8()) % 9
        let function = UInt32(reader.u8()) % 8
        let content = reader.u8() & 1 == 0 ? reader.string() : Array(repeating: 0, count: Int(reader.u16() & 0x7FF))
        ServiceHeader(id: service << 16 | function, size: reader.number()).encode(into: &writer)
        writer.bytes(content)
        return writer.bytes
    }

    /// Changes a message that was well formed: a byte, its length.
    static func damage(_ bytes: inout [UInt8], _ reader: inout InputReader) {
        switch reader.u8() % 4 {
        case 0 where !bytes.isEmpty: bytes[Int(reader.u16()) % bytes.count] = reader.u8()
        case 1: bytes.removeLast(min(Int(reader.u16() & 0x7FF), bytes.count))
        case 2: bytes += reader.string()
        default: bytes.insert(contentsOf: reader.string(), at: Int(reader.u16()) % (bytes.count + 1))
        }
    }

    private static func source(_ reader: inout InputReader) -> MessageSource {
        MessageSource(nodeID: NodeID(reader.number()), connection: UInt64(reader.number()))
    }

    private static func joinEntries(_ group: GroupName, _ reader: inout InputReader) -> [JoinList.Entry] {
        var entries: [JoinList.Entry] = []
        for index in 0..<reader.below(12) {
            let name = index == 0 ? group : GroupName(reader.take(reader.below(4)))
            entries.append(.init(pid: reader.number(), group: name ?? group))
        }
        return entries
    }

    private static func nodes(_ reader: inout InputReader) -> [NodeID] {
        var nodes: [NodeID] = []
        for _ in 0..<reader.below(8) { nodes.append(NodeID(reader.number())) }
        return nodes
    }

    private static func barrier(_ rings: [RingID], _ reader: inout InputReader) -> [UInt8] {
        var writer = ByteWriter()
        Barrier(ringID: reader.pick(rings)).encode(into: &writer)
        return writer.bytes
    }

    private static func build(_ rings: [RingID], _ reader: inout InputReader) -> [UInt8] {
        var writer = ByteWriter()
        var services: [UInt32] = []
        for _ in 0..<reader.below(130) { services.append(reader.number()) }
        ServiceBuild(ringID: reader.pick(rings), services: services).encode(into: &writer)
        return writer.bytes
    }
}
