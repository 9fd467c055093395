import ClusterMap
import TotemWire

/// A value of the map as it came.
public struct CmapValue: Sendable, Equatable {
    /// The number of a `MapValueType`, or of a type of a later engine.
    public var type: UInt8
    public var bytes: [UInt8]

    public init(type: UInt8, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// What libcmap's requests are answered (spec: ipc.md 8.1).
extension Answer {
    /// To `CmapRequest.get` with room. The response may be longer than its value, and daemons of Corosync 3.1.7 say of some
    /// that they are shorter (spec: ipc.md 12).
    public func cmapValue() throws(WireError) -> CmapValue {
        CmapValue(
            type: try u8(32, "type"), bytes: try array(40, count: try u64(24, "value length"), "value"))
    }

    /// To `CmapRequest.startIteration`: the handle.
    public func cmapIteration() throws(WireError) -> UInt64 { try u64(24, "iter_handle") }

    /// To `CmapRequest.iterate`: the name of a key.
    public func cmapIterationName() throws(WireError) -> String { try cmapName(24) }

    fileprivate func cmapName(_ offset: Int) throws(WireError) -> String {
        try text(offset + 8, capacity: 256, "key name")
    }
}

/// What a tracker of the map is told (spec: ipc.md 8.1).
public struct CmapNotice: Sendable, Equatable {
    public var event: MapEvent
    public var name: String
    /// Nil when the key was deleted.
    public var new: CmapValue?
    /// Nil when it was added, and where the engine does not tell.
    public var old: CmapValue?

    /// - Returns: nil for an event of another kind.
    /// - Throws: when it is shorter than what it says it holds.
    public init?(_ event: Answer) throws(WireError) {
        guard event.id == 9, let kind = MapEvent(rawValue: try event.u32(296, "event")) else { return nil }
        let newCount = try event.u64(320, "new length")
        let newBytes = try event.array(336, count: newCount, "new value")
        let oldBytes = try event.array(
            336 + newBytes.count, count: try event.u64(328, "old length"), "old value")
        self.event = kind
        name = try event.cmapName(32)
        new = Self.value(try event.u8(304, "new type"), newBytes)
        old = Self.value(try event.u8(312, "old type"), oldBytes)
    }

    /// Type 0 is no value.
    private static func value(_ type: UInt8, _ bytes: [UInt8]) -> CmapValue? {
        type == 0 ? nil : CmapValue(type: type, bytes: bytes)
    }
}
