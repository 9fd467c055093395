import TotemWire

/// A packet in a few words, for traces.
enum PacketLine {
    static func describe(_ bytes: Span<UInt8>) -> String {
        guard let packet = try? Packet(decoding: bytes) else { return "\(bytes.count) bytes" }
        return switch packet {
        case .orfToken(let token):
            "token \(token.tokenSequence) of \(token.ringID): seq \(token.sequence) aru \(token.aru) by "
                + "\(token.aruAddress) fcc \(token.fcc) backlog \(token.backlog) retrans \(token.retransFlag)"
                + (token.retransmitList.isEmpty ? "" : " asks for \(list(token.retransmitList))")
        case .mcast(let header):
            "mcast \(header.sequence) of \(header.ringID) from \(header.systemFrom)"
                + (header.header.encapsulated == Encapsulation.recovery ? ", recovery" : "") + ", \(bytes.count) bytes"
        case .mergeDetect(let packet): "merge detect of \(packet.ringID)"
        case .join(let join):
            "\(join.isLeave ? "leave" : "join") \(join.members) failed \(join.failed) ring sequence \(join.ringSequence)"
        case .commitToken(let token):
            "commit token \(token.tokenSequence) of \(token.ringID) for \(token.addresses), filled \(token.memberIndex)"
        case .holdCancel(let packet): "hold cancel of \(packet.ringID)"
        case .beat(let beat):
            "beat \(beat.number) in \(beat.ringID)"
                + (beat.complaints.isEmpty ? "" : " complains of \(beat.complaints.map(\.node))")
        }
    }

    private static func list(_ list: RetransmitList) -> String {
        (0..<list.count).map { list[$0].sequence.description }.joined(separator: " ")
    }
}
