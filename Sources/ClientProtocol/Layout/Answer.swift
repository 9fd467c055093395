import Basics
import TotemWire

/// A response or an event as a client has received it (spec: ipc.md 4.1); what it holds is read by whoever knows which it is.
public struct Answer: Sendable {
    let bytes: [UInt8]
    public let id: UInt32
    /// `ClientError.success`, or the number of what went wrong.
    public let error: UInt32

    /// - Throws: when it is shorter than its header, or claims to be longer than it is.
    public init(_ bytes: [UInt8]) throws(WireError) {
        let fields = try RequestFields(bytes.span)
        try fields.require(ResponseHeader.size)
        id = fields.id
        error = try fields.u32(16, "error")
        self.bytes = bytes
    }

    func u8(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt8 {
        try RequestFields(bytes.span).u8(offset, field)
    }

    func u32(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt32 {
        try RequestFields(bytes.span).u32(offset, field)
    }

    func u64(_ offset: Int, _ field: StaticString) throws(WireError) -> UInt64 {
        try RequestFields(bytes.span).u64(offset, field)
    }

    func array(_ offset: Int, count: UInt64, _ field: StaticString) throws(WireError) -> [UInt8] {
        try RequestFields(bytes.span).array(offset, count: count, field)
    }

    func text(_ offset: Int, capacity: Int, _ field: StaticString) throws(WireError) -> String {
        String(decoding: try RequestFields(bytes.span).text(offset, capacity: capacity, field), as: UTF8.self)
    }

    /// A ring id as client libraries lay it out (spec: ipc.md 4.2).
    func ring(_ offset: Int) throws(WireError) -> RingID {
        RingID(
            representative: NodeID(try u32(offset, "ring_id nodeid")), sequence: try u64(offset + 8, "ring_id seq"))
    }

    func nodes(_ offset: Int, count: UInt32) throws(WireError) -> [NodeID] {
        try list(offset, count: count, stride: 4) { offset throws(WireError) in NodeID(try u32(offset, "nodeid")) }
    }

    /// The entries of a list; however many there should be, no more is kept than is there.
    func list<Entry>(
        _ offset: Int, count: UInt32, stride: Int, _ read: (Int) throws(WireError) -> Entry
    ) throws(WireError) -> [Entry] {
        var entries: [Entry] = []
        for index in 0..<Int(count) { entries.append(try read(offset + stride * index)) }
        return entries
    }
}
