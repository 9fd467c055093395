/// A packet of Corosync 1.x or 2.x without crypto, for tools: nothing here is ever sent (spec: totem.md 21).
public struct LegacyPacket: Sendable, Equatable {
    public enum Body: Sendable, Equatable {
        case orfToken(LegacyORFToken)
        case mcast(LegacyMcast)
        case mergeDetect(LegacyMergeDetect)
        case join(LegacyJoin)
        case commitToken(LegacyCommitToken)
        case holdCancel(LegacyRingID)
    }

    public var header: LegacyHeader
    public var body: Body

    /// Bytes of the longest packet of these versions (FRAME_SIZE_MAX).
    public static let maximumSize = 10_000

    public init(decoding datagram: Span<UInt8>) throws(LegacyError) {
        let header = try LegacyHeader(decoding: datagram)
        self.header = header
        do throws(WireError) {
            body =
                switch header.type {
                case .orfToken: .orfToken(try LegacyORFToken(datagram, header))
                case .mcast: .mcast(try LegacyMcast(datagram, header))
                case .mergeDetect: .mergeDetect(try LegacyMergeDetect(datagram, header))
                case .join: .join(try LegacyJoin(datagram, header))
                case .commitToken: .commitToken(try LegacyCommitToken(datagram, header))
                case .holdCancel: .holdCancel(try LegacyPacket.holdCancel(datagram, header))
                }
        } catch {
            throw .body(header.generation, header.type, error)
        }
    }

    private static func holdCancel(_ datagram: Span<UInt8>, _ header: LegacyHeader) throws(WireError) -> LegacyRingID {
        try datagram.require(header.start + 8 + LegacyRingID.size, "token_hold_cancel")
        return LegacyRingID(datagram, at: header.start + 8, header.order)
    }

    /// The ring id in the last 30 bytes of a merge detect that lost bytes before it; nil unless those bytes name a
    /// representative in the way the packet's own header does. For a damaged hex dump (spec: totem.md 21.3).
    public static func salvagedRingID(of datagram: Span<UInt8>) -> LegacyRingID? {
        guard let header = try? LegacyHeader(decoding: datagram), header.type == .mergeDetect,
            datagram.count >= header.start + LegacyHeader.size + LegacyRingID.size
        else { return nil }
        let ring = LegacyRingID(datagram, at: datagram.count - LegacyRingID.size, header.order)
        guard ring.representative.nodeID == header.nodeID else { return nil }
        switch ring.representative.family {
        case .ipv4, .ipv6: return ring
        case .unused, .other: return nil
        }
    }
}
