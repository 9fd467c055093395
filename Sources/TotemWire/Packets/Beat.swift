import Basics

/// What a Rondo node sends each other member of its ring a few times a second, besides the token: a sign of life, a question
/// that a machine without the process refuses, and what it knows of others (docs/decisions/refused-datagrams.md).
///
/// It travels as a request for the token of a ring that cannot exist. Corosync drops such a packet without a line in the log
/// and without counting it (measured in a ring of both), so every member can be sent one.
public struct Beat: Sendable, Hashable {
    /// Something that speaks against a node.
    public struct Complaint: Sendable, Hashable {
        public var node: NodeID
        /// Milliseconds since the node was last heard.
        public var silence: UInt16
        /// What it is: `refusal`, or what later formats know.
        public var evidence: UInt8

        /// The machine of the node refuses packets.
        public static let refusal: UInt8 = 2
        /// Nothing is heard of the node, and its machine does not answer either.
        public static let silence: UInt8 = 3

        public init(node: NodeID, silence: UInt16, evidence: UInt8) {
            self.node = node
            self.silence = silence
            self.evidence = evidence
        }
    }

    public var header: PacketHeader
    /// The ring that the sender has installed.
    public var ringID: RingID
    /// Random, of this start of the sender.
    public var incarnation: UInt32
    /// Of this beat; they count up, each sent beat its own. With `incarnation` it makes what an ICMP error quotes hard to guess.
    public var number: UInt32
    public var complaints: [Complaint]
    /// Milliseconds, in steps of ten, after which the sender, if it hears nobody of its ring, gives the ring up. 0: it has
    /// promised nothing. The others part with a silent member only after what it has promised itself.
    public var promise: UInt32 = 0
    /// Milliseconds, in steps of ten, for which the sender has stood still, at the longest of the last day.
    public var longestStandstill: UInt32 = 0
    /// Milliseconds between two beats of the sender; 0 where it is not told.
    public var interval: UInt16 = 0
    /// The sender was standing still just now: what it misses says nothing of others.
    public var wasStandingStill = false

    /// The ring that marks a beat: no node has the id 0, and no ring the number ("Rondo" and the format, 1).
    public static let mark = RingID(representative: .none, sequence: 0x6f64_6e6f_5200_0001)
    /// Bytes of a beat without complaints.
    public static let fixedSize = 53
    /// Behind the header and the mark.
    private static let ringOffset = 25
    private static let standingStill: UInt8 = 1
    /// Milliseconds in a step of the longer durations.
    private static let step: UInt32 = 10
    /// A beat says no more than this, which one byte counts.
    public static let mostComplaints = 128

    public init(
        header: PacketHeader, ringID: RingID, incarnation: UInt32, number: UInt32, complaints: [Complaint] = []
    ) {
        self.header = header
        self.ringID = ringID
        self.incarnation = incarnation
        self.number = number
        self.complaints = complaints
    }

    /// A duration is never told shorter than it is.
    private static func steps(_ milliseconds: UInt32) -> UInt16 {
        UInt16(clamping: milliseconds / step + (milliseconds % step == 0 ? 0 : 1))
    }

    /// Whether a datagram, as far as it is there, is a beat.
    public static func isBeat(_ datagram: Span<UInt8>) -> Bool {
        guard datagram.count >= ringOffset, let header = try? PacketHeader(decoding: datagram),
            header.type == .holdCancel
        else { return false }
        return datagram.loadRingID(at: 13, header.order) == mark
    }

    /// Reads a beat. What later formats may add behind the complaints is not looked at.
    public init(decoding datagram: Span<UInt8>, header: PacketHeader) throws(WireError) {
        self.header = header
        var reader = ByteReader(datagram, order: header.order, at: Beat.ringOffset)
        ringID = RingID(
            representative: try reader.nodeID("beat ring representative"),
            sequence: try reader.u64("beat ring sequence"))
        incarnation = try reader.u32("beat incarnation")
        number = try reader.u32("beat number")
        promise = UInt32(try reader.u16("beat promise")) * Beat.step
        longestStandstill = UInt32(try reader.u16("beat standstill")) * Beat.step
        interval = try reader.u16("beat interval")
        wasStandingStill = try reader.u8("beat flags") & Beat.standingStill != 0
        let count = Int(try reader.u8("beat complaints"))
        guard count <= Beat.mostComplaints else {
            throw .invalid(field: "beat complaints", value: UInt64(count), allowed: "0...128")
        }
        complaints = []
        for _ in 0..<count {
            let node = try reader.nodeID("beat complaint node")
            let silence = try reader.u16("beat complaint silence")
            let evidence = try reader.u8("beat complaint evidence")
            try reader.skip(1, "beat complaint padding")
            complaints.append(Complaint(node: node, silence: silence, evidence: evidence))
        }
    }

    public func encode(into writer: inout ByteWriter) {
        header.encode(into: &writer)
        writer.ringID(Beat.mark)
        writer.ringID(ringID)
        writer.u32(incarnation)
        writer.u32(number)
        writer.u16(Beat.steps(promise))
        writer.u16(Beat.steps(longestStandstill))
        writer.u16(interval)
        writer.u8(wasStandingStill ? Beat.standingStill : 0)
        let told = complaints.prefix(Beat.mostComplaints)
        writer.u8(UInt8(truncatingIfNeeded: told.count))
        for complaint in told {
            writer.nodeID(complaint.node)
            writer.u16(complaint.silence)
            writer.u8(complaint.evidence)
            writer.u8(0)
        }
    }
}
