import Basics
import CaptureFiles
import TotemWire

/// What a token says, whatever its format: enough to put it in words.
struct TokenFacts {
    var sequence: SequenceNumber
    var tokenSequence: SequenceNumber
    var aru: SequenceNumber
    var aruAddress: NodeID
    var backlog: UInt32
    var fcc: UInt32
    var retransFlag: Int32
    var wanted: [UInt32]
    /// Messages asked for that the capture cut off.
    var wantedBeyond = 0
    /// Whether the capture cut off what comes after the aru.
    var isCut = false

    /// Messages that some member still lacks.
    private var lacking: UInt32 { sequence.distance(from: aru) }

    var words: String {
        // The first round has no aru yet; 2³² − 1 stands for it, which no number of a young ring exceeds.
        if aru == SequenceNumber(.max), sequence == .zero, tokenSequence.rawValue <= UInt32(TotemLimits.processorCount)
        {
            return "\(tokenSequence == .zero ? "first" : "first round") of its ring, recovery begins"
        }
        var words: [String] = []
        if retransFlag != 0 { words.append("recovery, old messages still to be repeated") }
        if !wanted.isEmpty || wantedBeyond > 0 {
            let list = ([runs(wanted)] + (wantedBeyond > 0 ? ["..."] : [])).filter { !$0.isEmpty }
            words.append("asks for \(counted(wanted.count + wantedBeyond, "message")): \(list.joined(separator: " "))")
        }
        if aru != sequence {
            words.append(
                "\(counted(lacking, "message")) not yet everywhere"
                    + (aruAddress == .none ? "" : ", held down by node \(aruAddress)"))
        }
        if backlog != 0 || fcc != 0 {
            words.append("busy: \(counted(fcc, "message")) last round, \(backlog) waiting")
        }
        return words.isEmpty && !isCut ? "heartbeat, idle" : words.joined(separator: "; ")
    }

    var aruMeaning: String {
        if aru == SequenceNumber(.max), sequence == .zero { return "nobody has lowered it yet" }
        return aru == sequence
            ? "equals seq: everybody has everything" : "all received up to here; \(lacking) behind seq"
    }

    /// The fields from `seq` to `aru_addr`, which all formats share.
    func addFields(to list: inout FieldList) {
        list.add(4, "seq", .sequence(sequence), "highest message number used on this ring")
        list.add(4, "token_seq", .sequence(tokenSequence), "hops since the ring began")
        list.add(4, "aru", .sequence(aru), aruMeaning)
        list.add(4, "aru_addr", .node(aruAddress), aruAddress == .none ? "nobody holds aru down" : "holds aru down")
    }

    /// The fields from `backlog` to `rtr_list_entries`, which all formats share.
    func addFlowFields(to list: inout FieldList) {
        list.add(4, "backlog", .number(backlog), "messages waiting on all members")
        list.add(4, "fcc", .number(fcc), "messages sent during the last rotation")
        list.add(
            4, "retrans_flg", .signed(Int64(retransFlag)),
            retransFlag == 0 ? "" : "recovery: some member still repeats old messages")
        list.add(
            4, "rtr_list_entries", .number(wanted.count), wanted.isEmpty ? "nothing is missing" : "messages asked for")
    }
}

extension Dissector {
    mutating func dissect(_ token: ORFToken, at start: Int, _ context: Context) -> DissectedPacket {
        let entries = (0..<token.retransmitList.count)
        let listed = entries.prefix { context.has(start + ORFToken.fixedSize + RetransmitEntry.size * ($0 + 1)) }
        let facts = TokenFacts(
            sequence: token.sequence, tokenSequence: token.tokenSequence, aru: token.aru, aruAddress: token.aruAddress,
            backlog: token.backlog, fcc: token.fcc, retransFlag: token.retransFlag,
            wanted: listed.map { token.retransmitList[$0].sequence.rawValue },
            wantedBeyond: entries.count - listed.count, isCut: !context.has(start + ORFToken.fixedSize))
        var list = FieldList(at: start)
        list.header(token.header, nodeMeaning: "the member that sent it on")
        facts.addFields(to: &list)
        list.add(12, "ring_id", .ring(token.ringID), "representative and sequence of the ring")
        facts.addFlowFields(to: &list)
        for index in 0..<token.retransmitList.count {
            let entry = token.retransmitList[index]
            var item = FieldList(at: list.offset)
            item.add(12, "ring_id", .ring(entry.ringID))
            item.add(4, "seq", .sequence(entry.sequence))
            list.add("rtr_list[\(index)]", item, "message \(entry.sequence.rawValue) is missing somewhere")
        }
        let node = "\(token.header.nodeID)"
        let ring = context.has(start + 41) ? "\(token.ringID)" : nil
        observer.see(node: node, ring: ring)
        observer.tokenSeen(at: context.time)
        let again = ring.map {
            observer.isRepeated(.token(ring: $0, token.tokenSequence.rawValue, context.destination))
        }
        if again == true { statistics.repeatedTokens += 1 }
        statistics.requested(entries.count)
        let words = context.has(start + 29) ? facts.words : ""
        var packet = DissectedPacket(
            kind: .token, format: "Corosync 3",
            title: "token" + (context.has(start + 21) ? " \(token.tokenSequence.rawValue)" : ""),
            words: (again == true ? "sent again, the next member gave no sign; " : "") + words, node: node, ring: ring,
            fields: list.fields)
        if context.has(start + 17) { packet.facts.append("seq \(token.sequence.rawValue)") }
        if context.has(start + 25) { packet.facts.append("aru \(token.aru.rawValue)") }
        packet.isRepair = again == true || !entries.isEmpty
        return packet
    }
}
