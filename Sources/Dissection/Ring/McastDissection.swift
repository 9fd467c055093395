import CaptureFiles
import TotemWire

extension Dissector {
    mutating func dissect(
        _ mcast: McastHeader, _ bytes: [UInt8], at start: Int, _ context: Context
    ) -> DissectedPacket {
        var list = FieldList(at: start)
        list.mcast(mcast)
        let ring = context.has(start + 37) ? "\(mcast.ringID)" : nil
        observer.see(node: "\(mcast.header.nodeID)", ring: ring)
        let inside =
            context.has(start + McastHeader.size)
            ? content(mcast, bytes, at: &list, context) : (words: "", problem: nil)
        let (sender, isRepair) = ring == nil ? ("", false) : retransmitter(of: mcast, context)
        var packet = DissectedPacket(
            kind: .mcast, format: "Corosync 3",
            title: "mcast" + (context.has(start + 21) ? " \(mcast.sequence.rawValue)" : ""),
            words: [sender, inside.words].filter { !$0.isEmpty }.joined(separator: "; "),
            node: "\(mcast.header.nodeID)",
            ring: ring, facts: ["\(bytes.count - start) bytes"], problem: inside.problem, fields: list.fields)
        packet.isRepair = isRepair
        return packet
    }

    /// Who sent the message again, when it was not its originator sending it for the first time.
    private mutating func retransmitter(
        of mcast: McastHeader, _ context: Context
    ) -> (words: String, isRepair: Bool) {
        let again = observer.isRepeated(
            .message(ring: "\(mcast.ringID)", mcast.sequence.rawValue, context.destination))
        let carrier = context.source.flatMap { observer.node(at: $0.address) }
        guard let carrier, carrier != mcast.header.nodeID else {
            if again { statistics.retransmitted += 1 }
            return (again ? "retransmitted" : "", again)
        }
        statistics.retransmitted += 1
        return ("message of node \(mcast.header.nodeID), retransmitted by node \(carrier)", true)
    }

    private mutating func content(
        _ mcast: McastHeader, _ bytes: [UInt8], at list: inout FieldList, _ context: Context
    ) -> (words: String, problem: String?) {
        let payload = bytes.span.extracting(min(list.offset, bytes.count)...)
        let captured = context.captured - list.offset
        guard mcast.header.encapsulated == Encapsulation.recovery else {
            return frame(
                payload, mcast.header.order, from: "\(mcast.header.nodeID)", captured: captured, at: &list)
        }
        guard captured >= min(McastHeader.size, payload.count) else { return ("recovery", nil) }
        guard let header = try? PacketHeader(decoding: payload), header.type == .mcast,
            let old = try? McastHeader(decoding: payload, header: header)
        else { return ("recovery", "no message of the old ring inside") }
        var inner = FieldList(at: list.offset)
        inner.mcast(old)
        let inside = frame(
            payload.extracting(McastHeader.size...), header.order, from: "\(header.nodeID)", isOld: true,
            captured: captured - McastHeader.size, at: &inner)
        list.add("old message", inner, "whole, as it was first sent")
        return (
            "recovery, carries message \(old.sequence.rawValue) of node \(old.header.nodeID) in old ring "
                + "\(old.ringID); \(inside.words)",
            inside.problem
        )
    }
}

extension FieldList {
    /// The 45 bytes in front of a message.
    mutating func mcast(_ mcast: McastHeader) {
        header(mcast.header, nodeMeaning: "the originator, also when another member sends it again")
        add(4, "system_from", .node(mcast.systemFrom), "the originator")
        add(4, "seq", .sequence(mcast.sequence), "place in the ring's order")
        add(4, "this_seqno", .signed(Int64(mcast.thisSequenceNumber)), "the originator's own count; nobody reads it")
        add(12, "ring_id", .ring(mcast.ringID), "the ring that gave seq")
        add(4, "node_id", .number(mcast.reservedNodeID), "always 0")
        add(4, "guarantee", .signed(Int64(mcast.guarantee)), "0: agreed order, the only one there is")
    }
}
