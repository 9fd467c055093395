import CaptureFiles
import TotemWire

extension Dissector {
    /// Explains what is not a packet of 3.x: an older Corosync's, or nothing known.
    mutating func dissectLegacy(_ bytes: [UInt8], _ guess: ForeignSender, _ context: Context) -> DissectedPacket {
        let packet: LegacyPacket
        do throws(LegacyError) {
            packet = try LegacyPacket(decoding: bytes.span)
        } catch {
            return Dissector.damaged(error, bytes, guess, context, observer)
        }
        let header = packet.header
        let sender = LegacyNames.node(header.nodeID, header.order, known: packet.candidate, context)
        observer.see(node: sender, ring: packet.ringName)
        var list = FieldList()
        list.legacyHeader(header, sender)
        var dissected =
            switch packet.body {
            case .orfToken(let token): legacyToken(token, header, sender, &list, context)
            case .mcast(let mcast): legacyMcast(mcast, header, sender, bytes, &list, context)
            case .mergeDetect(let merge): legacyMergeDetect(merge, header, &list, context)
            case .join(let join): legacyJoin(join, header, sender, &list)
            case .commitToken(let token): legacyCommitToken(token, header, sender, &list)
            case .holdCancel(let ring): legacyHoldCancel(ring, header, sender, &list)
            }
        dissected.fields = list.fields
        return dissected
    }

    private static func damaged(
        _ error: LegacyError, _ bytes: [UInt8], _ guess: ForeignSender, _ context: Context, _ observer: RingObserver
    ) -> DissectedPacket {
        switch error {
        case .unrecognised:
            return undecodable("unknown format, probably \(guess.rawValue)", bytes, format: guess.rawValue)
        case .encrypted(let generation), .tooShort(let generation, _, _), .wrongType(let generation, _):
            return undecodable("\(error)", bytes, format: generation.rawValue)
        case .body(let generation, let type, let reason):
            var packet = undecodable("\(reason)", bytes, format: generation.rawValue)
            guard type == .mergeDetect, let ring = LegacyPacket.salvagedRingID(of: bytes.span) else {
                packet.words = "a \(type.logName), not decodable"
                return packet
            }
            // The ring id stands last, so that it can be read although bytes before it are missing.
            let order = (try? LegacyHeader(decoding: bytes.span))?.order ?? .little
            let name = LegacyNames.node(
                ring.representative.nodeID, order, known: ring.representative, context)
            var list = FieldList(at: bytes.count - LegacyRingID.size)
            list.legacyRing("ring_id", ring, order, "taken from the end of the packet")
            return DissectedPacket(
                kind: .mergeDetect, format: generation.rawValue, title: "merge detect",
                words: "the representative calls for other rings" + observer.sinceToken(context.time),
                node: name, ring: LegacyNames.ring(ring),
                problem: "\(reason); ring id taken from its end", fields: list.fields)
        }
    }

    private mutating func legacyToken(
        _ token: LegacyORFToken, _ header: LegacyHeader, _ sender: String, _ list: inout FieldList, _ context: Context
    ) -> DissectedPacket {
        let facts = TokenFacts(
            sequence: token.sequence, tokenSequence: token.tokenSequence, aru: token.aru, aruAddress: token.aruAddress,
            backlog: token.backlog, fcc: token.fcc, retransFlag: token.retransFlag,
            wanted: token.retransmitList.map(\.sequence.rawValue))
        facts.addFields(to: &list)
        list.legacyRing("ring_id", token.ringID, header.order, "representative (lowest IP address) and sequence")
        facts.addFlowFields(to: &list)
        for (index, entry) in token.retransmitList.enumerated() {
            var item = FieldList(at: list.offset)
            item.legacyRing("ring_id", entry.ringID, header.order, "")
            item.add(4, "seq", .sequence(entry.sequence))
            list.add("rtr_list[\(index)]", item, "message \(entry.sequence.rawValue) is missing somewhere")
        }
        observer.tokenSeen(at: context.time)
        let ring = LegacyNames.ring(token.ringID)
        let again = observer.isRepeated(.token(ring: ring, token.tokenSequence.rawValue, context.destination))
        if again { statistics.repeatedTokens += 1 }
        statistics.requested(facts.wanted.count)
        var packet = DissectedPacket(
            kind: .token, format: header.generation.rawValue, title: "token \(token.tokenSequence.rawValue)",
            words: (again ? "sent again, the next member gave no sign; " : "") + facts.words, node: sender, ring: ring,
            facts: ["seq \(token.sequence.rawValue)", "aru \(token.aru.rawValue)"])
        packet.isRepair = again || !facts.wanted.isEmpty
        return packet
    }

    private mutating func legacyMcast(
        _ mcast: LegacyMcast, _ header: LegacyHeader, _ sender: String, _ bytes: [UInt8], _ list: inout FieldList,
        _ context: Context
    ) -> DissectedPacket {
        list.legacyNode("system_from", mcast.systemFrom, header.order, "the originator")
        list.add(4, "seq", .sequence(mcast.sequence), "place in the ring's order")
        list.add(4, "this_seqno", .signed(Int64(mcast.thisSequenceNumber)), "the originator's own count")
        list.legacyRing("ring_id", mcast.ringID, header.order, "the ring that gave seq")
        list.add(4, "node_id", .number(mcast.reservedNodeID))
        list.add(4, "guarantee", .signed(Int64(mcast.guarantee)))
        let ring = LegacyNames.ring(mcast.ringID)
        let payload = bytes.count - mcast.payloadOffset
        let again = observer.isRepeated(.message(ring: ring, mcast.sequence.rawValue, context.destination))
        if again { statistics.retransmitted += 1 }
        var words = header.encapsulated == Encapsulation.recovery ? "recovery, carries a message of the old ring" : ""
        if header.encapsulated != Encapsulation.recovery {
            // Services had other messages then: what is inside the frame is counted, not named.
            words = Dissector.partCount(bytes.span.extracting(mcast.payloadOffset...), header.order)
        }
        var packet = DissectedPacket(
            kind: .mcast, format: header.generation.rawValue, title: "mcast \(mcast.sequence.rawValue)",
            words: (again ? "retransmitted; " : "") + words, node: sender, ring: ring,
            facts: [counted(payload, "byte")])
        packet.isRepair = again
        return packet
    }

    private static func partCount(_ payload: Span<UInt8>, _ order: ByteOrder) -> String {
        do throws(WireError) {
            return "a frame of \(counted(try Frame(decoding: payload, order: order).partCount, "part"))"
        } catch {
            return "no frame inside: \(error)"
        }
    }

    private func legacyMergeDetect(
        _ merge: LegacyMergeDetect, _ header: LegacyHeader, _ list: inout FieldList, _ context: Context
    ) -> DissectedPacket {
        list.legacyNode("system_from", merge.systemFrom, header.order, "the representative, who calls other rings")
        list.legacyRing("ring_id", merge.ringID, header.order, "its ring")
        return DissectedPacket(
            kind: .mergeDetect, format: header.generation.rawValue, title: "merge detect",
            words: "the representative calls for other rings" + observer.sinceToken(context.time),
            node: "\(merge.systemFrom.primary)", ring: LegacyNames.ring(merge.ringID))
    }

    private func legacyJoin(
        _ join: LegacyJoin, _ header: LegacyHeader, _ sender: String, _ list: inout FieldList
    ) -> DissectedPacket {
        list.legacyNode("system_from", join.systemFrom, header.order, "the sender")
        list.add(4, "proc_list_entries", .number(join.members.count))
        list.add(4, "failed_list_entries", .number(join.failed.count))
        list.add(8, "ring_seq", .number(join.ringSequence), "sequence of the sender's current ring")
        let names = { (nodes: [LegacyNode]) in nodes.map(\.primary.description).joined(separator: " ") }
        for (name, nodes) in [("proc_list", join.members), ("failed_list", join.failed)] {
            list.add(
                header.generation.nodeAddressSize * nodes.count, name, .list(nodes.map { .text("\($0.primary)") }))
        }
        let isLeave = header.nodeID == .none
        let failed = join.failed.isEmpty ? "" : ", counts \(names(join.failed)) as failed"
        let name = "\(join.systemFrom.primary)"
        var packet = DissectedPacket(
            kind: isLeave ? .leave : .join, format: header.generation.rawValue, title: isLeave ? "leave" : "join",
            words: isLeave ? "a node stops" : "a membership forms: knows \(names(join.members))\(failed)",
            node: name, facts: ["ring seq \(join.ringSequence)"])
        if !isLeave {
            packet.view = MembershipView(
                sender: name, known: join.members.map { "\($0.primary)" }, failed: join.failed.map { "\($0.primary)" })
        }
        return packet
    }

    private func legacyCommitToken(
        _ token: LegacyCommitToken, _ header: LegacyHeader, _ sender: String, _ list: inout FieldList
    ) -> DissectedPacket {
        list.add(4, "token_seq", .number(token.tokenSequence), "hops")
        list.legacyRing("ring_id", token.ringID, header.order, "the new ring")
        list.add(4, "retrans_flg", .number(token.retransFlag))
        list.add(4, "memb_index", .signed(Int64(token.memberIndex)), "entries filled in so far")
        list.add(4, "addr_entries", .number(token.addresses.count), "members of the new ring")
        let names = token.addresses.map(\.primary.description)
        list.add(header.generation.nodeAddressSize * names.count, "addr", .list(names.map { .text($0) }))
        for (index, member) in token.members.enumerated() {
            var item = FieldList(at: list.offset)
            item.legacyRing("ring_id", member.ringID, header.order, "its old ring")
            item.add(4, "aru", .sequence(member.aru))
            item.add(4, "high_delivered", .sequence(member.highDelivered))
            item.add(4, "received_flg", .number(member.receivedFlag))
            list.add("memb_list[\(index)]", item, names[index])
        }
        return DissectedPacket(
            kind: .commitToken, format: header.generation.rawValue, title: "commit token \(token.tokenSequence)",
            words: "a new ring with \(names.joined(separator: " ")), \(token.memberIndex) of \(names.count) filled in",
            node: sender, ring: LegacyNames.ring(token.ringID))
    }

    private func legacyHoldCancel(
        _ ring: LegacyRingID, _ header: LegacyHeader, _ sender: String, _ list: inout FieldList
    ) -> DissectedPacket {
        list.legacyRing("ring_id", ring, header.order, "its ring")
        return DissectedPacket(
            kind: .holdCancel, format: header.generation.rawValue, title: "hold cancel",
            words: "a member has something to send, the held token shall go on",
            node: sender, ring: LegacyNames.ring(ring))
    }
}
