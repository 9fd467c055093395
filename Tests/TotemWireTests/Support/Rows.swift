import Basics
import TotemWire

/// Lays a decoded packet out in the rows of the vectors' README, from its values alone.
struct RowBuilder {
    private(set) var rows: [Vectors.Row] = []
    private var offset: Int

    init(at offset: Int = 0) {
        self.offset = offset
    }

    mutating func add(_ size: Int, _ field: String, _ value: String) {
        rows.append(.init(offset: offset, size: size, field: field, value: value))
        offset += size
    }

    mutating func append(_ other: RowBuilder) { rows += other.rows }

    static func hex<T: BinaryInteger>(_ value: T) -> String { "0x" + String(value, radix: 16) }

    static func ring(_ ring: RingID) -> String {
        "\(ring) (rep \(ring.representative), seq \(ring.sequence))"
    }

    static func list(_ ids: [NodeID]) -> String { "[" + ids.map(\.description).joined(separator: ", ") + "]" }

    mutating func header(_ header: PacketHeader) {
        add(2, "header.magic", Self.hex(PacketHeader.magic))
        add(1, "header.version", "\(PacketHeader.version)")
        add(1, "header.type", "\(header.type.rawValue)")
        add(1, "header.encapsulated", "\(header.encapsulated)")
        add(4, "header.nodeid", "\(header.nodeID)")
        let target = header.targetNodeID.rawValue
        add(4, "header.target_nodeid", target == 0 ? "0" : "\(target) (\(Self.hex(target)))")
    }

    mutating func packet(_ packet: Packet) {
        header(packet.header)
        switch packet {
        case .orfToken(let token): self.token(token)
        case .mcast(let mcast): self.mcast(mcast)
        case .mergeDetect(let merge):
            add(4, "system_from (nodeid)", "\(merge.systemFrom)")
            add(12, "ring_id", Self.ring(merge.ringID))
        case .join(let join): self.join(join)
        case .commitToken(let token): commit(token)
        case .beat(let beat): add(12, "ring_id", Self.ring(beat.ringID))
        case .holdCancel(let cancel): add(12, "ring_id", Self.ring(cancel.ringID))
        }
    }

    private mutating func token(_ token: ORFToken) {
        add(4, "seq", Self.hex(token.sequence.rawValue))
        add(4, "token_seq", Self.hex(token.tokenSequence.rawValue))
        add(4, "aru", Self.hex(token.aru.rawValue))
        add(4, "aru_addr", "\(token.aruAddress)")
        add(12, "ring_id", Self.ring(token.ringID))
        add(4, "backlog", "\(token.backlog)")
        add(4, "fcc", "\(token.fcc)")
        add(4, "retrans_flg", "\(token.retransFlag)")
        add(4, "rtr_list_entries", "\(token.retransmitList.count)")
        for index in 0..<token.retransmitList.count {
            let entry = token.retransmitList[index]
            add(
                16, "rtr_list[\(index)]",
                "ring \(Self.ring(entry.ringID)), seq \(Self.hex(entry.sequence.rawValue))")
        }
    }

    private mutating func mcast(_ mcast: McastHeader) {
        add(4, "system_from (nodeid)", "\(mcast.systemFrom)")
        add(4, "seq", Self.hex(mcast.sequence.rawValue))
        add(4, "this_seqno", "\(mcast.thisSequenceNumber)")
        add(12, "ring_id", Self.ring(mcast.ringID))
        add(4, "node_id", "\(mcast.reservedNodeID)")
        add(4, "guarantee", "\(mcast.guarantee)")
    }

    private mutating func join(_ join: Join) {
        add(4, "system_from (nodeid)", "\(join.systemFrom)")
        add(4, "proc_list_entries", "\(join.members.count)")
        add(4, "failed_list_entries", "\(join.failed.count)")
        add(8, "ring_seq", Self.hex(join.ringSequence))
        add(4 * join.members.count, "proc_list", Self.list(join.members))
        add(4 * join.failed.count, "failed_list", Self.list(join.failed))
    }

    private mutating func commit(_ token: CommitToken) {
        add(4, "token_seq", "\(token.tokenSequence)")
        add(12, "ring_id", Self.ring(token.ringID))
        add(4, "retrans_flg", "\(token.retransFlag)")
        add(4, "memb_index", "\(token.memberIndex)")
        add(4, "addr_entries", "\(token.addresses.count)")
        add(4 * token.addresses.count, "addr[]", Self.list(token.addresses))
        for (index, member) in token.members.enumerated() {
            add(
                24, "memb_list[\(index)]",
                "old ring \(Self.ring(member.ringID)), aru \(Self.hex(member.aru.rawValue)), "
                    + "high_delivered \(Self.hex(member.highDelivered.rawValue)), received_flg \(member.receivedFlag)")
        }
    }

    /// The rows of the packing layer's part of an mcast: head, parts and group names.
    mutating func frame(_ payload: Span<UInt8>, order: ByteOrder) throws {
        let frame = try Frame(decoding: payload, order: order)
        let start = offset
        add(2, "pg.version", "0")
        add(2, "pg.type", "0")
        add(1, "pg.fragmented", "\(frame.fragmented)")
        add(1, "pg.continuation", "\(frame.continuation)")
        add(2, "pg.msg_count", "\(frame.partCount)")
        let lengths = (0..<frame.partCount).map { frame.partLength($0) }
        add(2 * frame.partCount, "pg.msg_len[]", "\(lengths)")
        var cursor = Frame.Cursor()
        var index = 0
        while let range = frame.nextPart(&cursor) {
            offset = start + range.lowerBound
            let continues = index == 0 && frame.continuation != 0
            let isCut = index == frame.partCount - 1 && frame.fragmented != 0
            let kind = continues ? "continuation" : isCut ? "head of a cut message" : "complete message"
            rows.append(
                .init(
                    offset: offset, size: range.count, field: "part \(index): \(kind), \(range.count) bytes", value: "")
            )
            if !continues { try group(payload.extracting(range), order: order) }
            index += 1
        }
    }

    private mutating func group(_ message: Span<UInt8>, order: ByteOrder) throws {
        let group = try GroupAddress(decoding: message, order: order)
        let name = group.includesServices ? "a" : group.includesSynchronization ? "sync" : "?"
        add(2, "pg.group_count", "\(group.groupCount)")
        add(2, "pg.group_len[0]", "\(name.utf8.count)")
        add(group.dataOffset - group.namesOffset, "pg.group[0]", "\"\(name)\"")
    }
}
