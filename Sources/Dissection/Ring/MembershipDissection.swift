import CaptureFiles
import TotemWire

extension Dissector {
    mutating func dissect(_ merge: MergeDetect, at start: Int, _ context: Context) -> DissectedPacket {
        var list = FieldList(at: start)
        list.header(merge.header, nodeMeaning: "the representative")
        list.add(4, "system_from", .node(merge.systemFrom), "the representative, who calls other rings")
        list.add(12, "ring_id", .ring(merge.ringID), "its ring")
        let node = context.has(start + 17) ? merge.systemFrom : merge.header.nodeID
        let ring = context.has(start + MergeDetect.size) ? "\(merge.ringID)" : nil
        observer.see(node: "\(node)", ring: ring)
        return DissectedPacket(
            kind: .mergeDetect, format: "Corosync 3", title: "merge detect",
            words: "the representative calls for other rings" + observer.sinceToken(context.time), node: "\(node)",
            ring: ring, fields: list.fields)
    }

    mutating func dissect(_ join: Join, at start: Int, _ context: Context) -> DissectedPacket {
        var list = FieldList(at: start)
        list.header(join.header, nodeMeaning: join.isLeave ? "0: this is a leave" : "the sender")
        list.add(4, "system_from", .node(join.systemFrom), "the sender")
        list.add(4, "proc_list_entries", .number(join.members.count))
        list.add(4, "failed_list_entries", .number(join.failed.count))
        list.add(8, "ring_seq", .number(join.ringSequence), "sequence of the sender's current ring")
        list.add(4 * join.members.count, "proc_list", .nodes(join.members), "the nodes it knows of, as it met them")
        list.add(
            4 * join.failed.count, "failed_list", .nodes(join.failed),
            join.isLeave ? "the last one leaves" : "those of them it counts as failed")
        let isWhole = context.has(list.offset)
        let node = context.has(start + 17) ? "\(join.systemFrom)" : join.isLeave ? nil : "\(join.header.nodeID)"
        if let node { observer.see(node: node, ring: nil) }
        var packet = DissectedPacket(
            kind: join.isLeave ? .leave : .join, format: "Corosync 3", title: join.isLeave ? "leave" : "join",
            words: "", node: node,
            facts: context.has(start + Join.fixedSize) ? ["ring seq \(String(join.ringSequence, radix: 16))"] : [],
            fields: list.fields)
        if join.isLeave {
            packet.words =
                node.map { "node \($0) stops" + (isWhole ? "; it leaves \(nodeList(join.members))" : "") } ?? ""
        } else if isWhole {
            let failed = join.failed.isEmpty ? "" : ", counts \(nodeList(join.failed)) as failed"
            packet.words = "a membership forms: knows \(nodeList(join.members))\(failed)"
            packet.view = MembershipView(
                sender: "\(join.systemFrom)", known: join.members.map(\.description),
                failed: join.failed.map(\.description))
        } else {
            packet.words =
                "a membership forms"
                + (context.has(start + 25) ? ": knows \(counted(join.members.count, "node"))" : "")
        }
        return packet
    }

    mutating func dissect(_ token: CommitToken, at start: Int, _ context: Context) -> DissectedPacket {
        var list = FieldList(at: start)
        list.header(token.header, nodeMeaning: "the member that sent it on")
        list.add(4, "token_seq", .number(token.tokenSequence), "hops, the first is 1")
        list.add(12, "ring_id", .ring(token.ringID), "the new ring")
        list.add(4, "retrans_flg", .number(token.retransFlag), "unused")
        list.add(4, "memb_index", .signed(Int64(token.memberIndex)), "entries filled in so far")
        list.add(4, "addr_entries", .number(token.addresses.count), "members of the new ring")
        list.add(4 * token.addresses.count, "addr", .nodes(token.addresses), "in the order of the token's way")
        for (index, member) in token.members.enumerated() {
            let node = index < token.addresses.count ? token.addresses[index] : .none
            var item = FieldList(at: list.offset)
            item.add(12, "ring_id", .ring(member.ringID), "its old ring")
            item.add(4, "aru", .sequence(member.aru), "all received up to here in the old ring")
            item.add(4, "high_delivered", .sequence(member.highDelivered), "last message it delivered there")
            item.add(
                4, "received_flg", .number(member.receivedFlag),
                member.receivedFlag == 0 ? "it lacks messages of the old ring" : "it lacks nothing it knows of")
            list.add(
                "memb_list[\(index)]", item, "node \(node)" + (member.isSet ? "" : ", not filled in yet"))
        }
        let ring = context.has(start + 29) ? "\(token.ringID)" : nil
        observer.see(node: "\(token.header.nodeID)", ring: ring)
        let count = token.addresses.count
        var words = "a new ring"
        if context.has(start + CommitToken.fixedSize + 4 * count) {
            let round = token.tokenSequence <= UInt32(clamping: count) ? "first" : "second"
            words =
                "\(round) round of a new ring with \(nodeList(token.addresses)), "
                + "\(token.memberIndex) of \(count) filled in"
        }
        return DissectedPacket(
            kind: .commitToken, format: "Corosync 3",
            title: "commit token" + (context.has(start + 17) ? " \(token.tokenSequence)" : ""), words: words,
            node: "\(token.header.nodeID)", ring: ring, fields: list.fields)
    }

    mutating func dissect(_ cancel: HoldCancel, at start: Int, _ context: Context) -> DissectedPacket {
        var list = FieldList(at: start)
        list.header(cancel.header, nodeMeaning: "the member that wants to send")
        list.add(12, "ring_id", .ring(cancel.ringID), "its ring")
        let ring = context.has(start + HoldCancel.size) ? "\(cancel.ringID)" : nil
        observer.see(node: "\(cancel.header.nodeID)", ring: ring)
        return DissectedPacket(
            kind: .holdCancel, format: "Corosync 3", title: "hold cancel",
            words: "node \(cancel.header.nodeID) has something to send, the held token shall go on",
            node: "\(cancel.header.nodeID)", ring: ring, fields: list.fields)
    }

    mutating func dissect(_ beat: Beat, at start: Int, _ context: Context) -> DissectedPacket {
        var list = FieldList(at: start)
        list.header(beat.header, nodeMeaning: "the member that beats")
        list.add(12, "mark", .ring(Beat.mark), "no ring: what Rondo's beats bear, and Corosync does not look at")
        list.add(12, "ring_id", .ring(beat.ringID), "the ring the sender has installed")
        list.add(4, "incarnation", .number(beat.incarnation), "random, of this start of the sender")
        list.add(4, "number", .number(beat.number), "of this beat")
        list.add(7, "later", .number(0), "for later use")
        list.add(1, "complaints", .number(beat.complaints.count))
        for (index, complaint) in beat.complaints.enumerated() {
            var item = FieldList(at: list.offset)
            item.add(4, "node", .node(complaint.node))
            item.add(2, "silence", .number(complaint.silence), "ms since it was heard")
            item.add(
                1, "evidence", .number(complaint.evidence),
                complaint.evidence == Beat.Complaint.refusal ? "its machine refuses packets" : ""
            )
            item.add(1, "padding", .number(0), "")
            list.add("complaint[\(index)]", item, "about node \(complaint.node)")
        }
        observer.see(node: "\(beat.header.nodeID)", ring: "\(beat.ringID)")
        let accused = beat.complaints.map(\.node)
        return DissectedPacket(
            kind: .beat, format: "Rondo", title: "beat \(beat.number)",
            words: "node \(beat.header.nodeID) is alive"
                + (accused.isEmpty ? "" : "; it complains of \(nodeList(accused))"),
            node: "\(beat.header.nodeID)", ring: "\(beat.ringID)", fields: list.fields)
    }
}
