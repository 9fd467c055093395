import Basics
import TotemWire

/// What a node tells the others about its votes (spec: services.md 6.1).
public struct NodeInfo: ServiceMessage, Equatable {
    public static let service = ServiceID.voteQuorum
    public static let function: UInt16 = 0

    /// Bits of `flags`.
    public struct Flags: OptionSet, Sendable, Hashable {
        public var rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let quorate = Flags(rawValue: 1)
        /// Stops cleanly with allow_downscale.
        public static let leaving = Flags(rawValue: 2)
        public static let waitsForAll = Flags(rawValue: 4)
        /// Has not been in a ring with others yet.
        public static let first = Flags(rawValue: 8)
        public static let deviceRegistered = Flags(rawValue: 16)
        public static let deviceAlive = Flags(rawValue: 32)
        public static let deviceCastsVote = Flags(rawValue: 64)
        public static let deviceMasterWins = Flags(rawValue: 128)
        /// `DeviceInformation` has been told; since Corosync's main line of 2026.
        public static let deviceHasInformation = Flags(rawValue: 256)

        static let device: Flags = [
            .deviceRegistered, .deviceAlive, .deviceCastsVote, .deviceMasterWins, .deviceHasInformation,
        ]
    }

    /// The sender, or zero for the record of its quorum device.
    public var nodeID: NodeID
    public var votes: UInt32
    public var expectedVotes: UInt32
    public var flags: Flags

    public init(nodeID: NodeID, votes: UInt32, expectedVotes: UInt32, flags: Flags) {
        self.nodeID = nodeID
        self.votes = votes
        self.expectedVotes = expectedVotes
        self.flags = flags
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        nodeID = try reader.nodeID("nodeid")
        votes = try reader.u32("votes")
        expectedVotes = try reader.u32("expected_votes")
        flags = Flags(rawValue: try reader.u32("flags"))
    }

    public var encodedLength: Int { 32 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.nodeID(nodeID)
        writer.u32(votes)
        writer.u32(expectedVotes)
        writer.u32(flags.rawValue)
    }
}

/// An administrator changes votes for the whole cluster (spec: services.md 6.1, 6.7).
public struct Reconfigure: ServiceMessage, Equatable {
    public static let service = ServiceID.voteQuorum
    public static let function: UInt16 = 1

    public enum Parameter: UInt8, Sendable {
        case expectedVotes = 1
        case votes = 2
        case cancelWaitForAll = 3
    }

    public var nodeID: NodeID
    public var value: UInt32
    /// `nil` for one this version does not know.
    public var parameter: Parameter?

    public init(nodeID: NodeID, value: UInt32, parameter: Parameter) {
        self.nodeID = nodeID
        self.value = value
        self.parameter = parameter
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        nodeID = try reader.nodeID("nodeid")
        value = try reader.u32("value")
        parameter = Parameter(rawValue: try reader.slot8("param"))
    }

    public var encodedLength: Int { 32 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.nodeID(nodeID)
        writer.u32(value)
        writer.slot8(parameter?.rawValue ?? 0)
    }
}

/// A quorum device is registered with, or removed from, a node (spec: services.md 6.1).
public struct DeviceRegistration: ServiceMessage, Equatable {
    public static let service = ServiceID.voteQuorum
    public static let function: UInt16 = 2
    /// Bytes of a device name with its NUL.
    public static let nameWidth = 255

    public enum Operation: UInt32, Sendable {
        case unregister = 0
        case register = 1
    }

    /// `nil` for one this version does not know.
    public var operation: Operation?
    /// The name without its NUL.
    public var name: [UInt8]

    public init(operation: Operation, name: [UInt8]) {
        self.operation = operation
        self.name = Array(name.prefix(Self.nameWidth - 1))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        operation = Operation(rawValue: try reader.u32("operation"))
        name = try reader.terminatedText(width: Self.nameWidth, "name")
        try reader.skip(5, "padding")
    }

    public var encodedLength: Int { 280 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.u32(operation?.rawValue ?? 0)
        writer.padded(name, width: Self.nameWidth)
        writer.zeros(5)
    }
}

/// The quorum device gets another name (spec: services.md 6.1).
public struct DeviceRename: ServiceMessage, Equatable {
    public static let service = ServiceID.voteQuorum
    public static let function: UInt16 = 3

    public var oldName: [UInt8]
    public var newName: [UInt8]

    public init(oldName: [UInt8], newName: [UInt8]) {
        self.oldName = Array(oldName.prefix(DeviceRegistration.nameWidth - 1))
        self.newName = Array(newName.prefix(DeviceRegistration.nameWidth - 1))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        oldName = try reader.terminatedText(width: DeviceRegistration.nameWidth, "oldname")
        newName = try reader.terminatedText(width: DeviceRegistration.nameWidth, "newname")
        try reader.skip(2, "padding")
    }

    public var encodedLength: Int { 528 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.padded(oldName, width: DeviceRegistration.nameWidth)
        writer.padded(newName, width: DeviceRegistration.nameWidth)
        writer.zeros(2)
    }
}

/// What a node's quorum device wants everybody to know; nobody but devices understands it (spec: services.md 6.1).
public struct DeviceInformation: ServiceMessage, Equatable {
    public static let service = ServiceID.voteQuorum
    public static let function: UInt16 = 4
    /// Most bytes of it.
    public static let limit = 4096

    /// As the sender says; who it is about, the ring knows.
    public var nodeID: NodeID
    /// Empty: it has none any more.
    public var bytes: [UInt8]

    public init(nodeID: NodeID, bytes: [UInt8]) {
        self.nodeID = nodeID
        self.bytes = Array(bytes.prefix(Self.limit))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        nodeID = try reader.nodeID("nodeid")
        let count = try reader.u32("ei_size")
        guard count <= Self.limit else {
            throw .invalid(field: "ei_size", value: UInt64(count), allowed: "at most 4096 bytes")
        }
        self.bytes = try reader.array(Int(count), "extra_info")
    }

    public var encodedLength: Int { 24 + bytes.count }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.nodeID(nodeID)
        writer.u32(UInt32(clamping: bytes.count))
        writer.bytes(bytes)
    }
}
