import Basics
import TotemWire

/// The content that PROCJOIN and PROCLEAVE share.
public struct ProcessChange: Sendable, Equatable {
    public var group: GroupName
    public var pid: UInt32
    public var reason: ChangeReason

    public init(group: GroupName, pid: UInt32, reason: ChangeReason) {
        self.group = group
        self.pid = pid
        self.reason = reason
    }

    static let encodedLength = 168

    init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        group = try GroupName(reading: &reader)
        pid = try reader.slot32("pid")
        reason = ChangeReason(rawValue: try reader.slot32("reason"))
    }

    func encode(into writer: inout ByteWriter) {
        group.encode(into: &writer)
        writer.slot32(pid)
        writer.slot32(reason.rawValue)
    }
}

/// A process of the sender joins a group.
public struct ProcessJoin: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function: UInt16 = 0

    public var change: ProcessChange

    public init(_ change: ProcessChange) { self.change = change }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        change = try ProcessChange(decoding: bytes, order: order)
    }

    public var encodedLength: Int { ProcessChange.encodedLength }
    public func encodeBody(into writer: inout ByteWriter) { change.encode(into: &writer) }
}

/// A process of the sender leaves a group or has ended.
public struct ProcessLeave: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function: UInt16 = 1

    public var change: ProcessChange

    public init(_ change: ProcessChange) { self.change = change }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        change = try ProcessChange(decoding: bytes, order: order)
    }

    public var encodedLength: Int { ProcessChange.encodedLength }
    public func encodeBody(into writer: inout ByteWriter) { change.encode(into: &writer) }
}

/// All group members on the sender, sent in synchronisation.
///
/// The only message whose stated size counts: it says how many entries there are, within what was delivered.
public struct JoinList: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function: UInt16 = 2
    static let headerLength = 24
    static let entryLength = 144

    public struct Entry: Sendable, Hashable {
        public var pid: UInt32
        public var group: GroupName

        public init(pid: UInt32, group: GroupName) {
            self.pid = pid
            self.group = group
        }
    }

    public var entries: [Entry]

    public init(entries: [Entry]) { self.entries = entries }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        let size = Int(try ServiceHeader(decoding: bytes, order: order).size)
        guard size >= Self.headerLength, (size - Self.headerLength) % Self.entryLength == 0 else {
            throw WireError.invalid(field: "header.size", value: UInt64(size), allowed: "24 + 144 per entry")
        }
        guard size <= bytes.count else {
            throw WireError.short(field: "join list", needed: size, available: bytes.count)
        }
        var reader = ByteReader(bytes, order: order, at: Self.headerLength)
        let count = (size - Self.headerLength) / Self.entryLength
        entries = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let pid = try reader.slot32("pid")
            entries.append(Entry(pid: pid, group: try GroupName(reading: &reader)))
        }
    }

    public var encodedLength: Int { Self.headerLength + Self.entryLength * entries.count }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.zeros(8)
        for entry in entries {
            writer.slot32(entry.pid)
            entry.group.encode(into: &writer)
        }
    }
}

/// The nodes that the sender has lost, sent in synchronisation; receivers use their own view, so this is bookkeeping.
public struct DownList: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function: UInt16 = 5
    /// Most nodes of a cluster.
    static let nodeLimit = 384

    public var oldMembers: UInt32
    public var left: [NodeID]

    public init(oldMembers: UInt32, left: [NodeID]) {
        self.oldMembers = oldMembers
        self.left = Array(left.prefix(Self.nodeLimit))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        guard bytes.count >= 1568 else {
            throw WireError.short(field: "downlist", needed: 1568, available: bytes.count)
        }
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        oldMembers = try reader.slot32("old_members")
        let count = try reader.slot32("left_nodes")
        guard count <= UInt32(Self.nodeLimit) else {
            throw WireError.invalid(field: "left_nodes", value: UInt64(count), allowed: "at most 384")
        }
        left = []
        for _ in 0..<count { left.append(try reader.nodeID("nodeids")) }
    }

    public var encodedLength: Int { 1568 }

    public func encodeBody(into writer: inout ByteWriter) {
        writer.slot32(oldMembers)
        writer.slot32(UInt32(clamping: left.count))
        for node in left { writer.nodeID(node) }
        writer.zeros(4 * (Self.nodeLimit - left.count))
    }
}

/// A message to all members of a group.
public struct GroupMulticast: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function = ServiceID.multicastFunction
    static let headerLength = 184

    public var group: GroupName
    public var pid: UInt32
    public var source: MessageSource
    public var payload: [UInt8]

    public init(group: GroupName, pid: UInt32, source: MessageSource, payload: [UInt8]) {
        self.group = group
        self.pid = pid
        self.source = source
        self.payload = payload
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        let view = try GroupMulticastView(decoding: bytes, order: order)
        group = GroupName(checked: view.group)
        pid = view.pid
        source = view.source
        payload = copy(view.payload, from: 0, count: view.payload.count)
    }

    public var encodedLength: Int { Self.headerLength + payload.count }

    public func encodeBody(into writer: inout ByteWriter) {
        Self.encodeBody(group: group, pid: pid, source: source, payload: payload.span, into: &writer)
    }

    /// Appends the whole message, its payload copied once.
    static func encode(
        group: GroupName, pid: UInt32, source: MessageSource, payload: Span<UInt8>, into writer: inout ByteWriter
    ) {
        let length = headerLength + payload.count
        ServiceHeader(service: service, function: function, size: UInt32(clamping: length)).encode(into: &writer)
        encodeBody(group: group, pid: pid, source: source, payload: payload, into: &writer)
    }

    private static func encodeBody(
        group: GroupName, pid: UInt32, source: MessageSource, payload: Span<UInt8>, into writer: inout ByteWriter
    ) {
        group.encode(into: &writer)
        writer.slot32(UInt32(clamping: payload.count))
        writer.slot32(pid)
        source.encode(into: &writer)
        writer.bytes(payload)
    }
}

/// A piece of a message that is too long for one.
public struct GroupFragment: ServiceMessage, Equatable {
    public static let service = ServiceID.processGroups
    public static let function = ServiceID.fragmentFunction
    static let headerLength = 200

    public var group: GroupName
    /// Length of the whole message in bytes.
    public var messageLength: UInt32
    public var pid: UInt32
    public var position: FragmentPosition
    public var source: MessageSource
    public var fragment: [UInt8]

    public init(
        group: GroupName, messageLength: UInt32, pid: UInt32, position: FragmentPosition, source: MessageSource,
        fragment: [UInt8]
    ) {
        self.group = group
        self.messageLength = messageLength
        self.pid = pid
        self.position = position
        self.source = source
        self.fragment = fragment
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        group = try GroupName(reading: &reader)
        messageLength = try reader.slot32("msglen")
        let length = try reader.slot32("fraglen")
        pid = try reader.slot32("pid")
        let type = try reader.slot32("type")
        source = try MessageSource(reading: &reader)
        guard let position = FragmentPosition(rawValue: type) else {
            throw WireError.invalid(field: "type", value: UInt64(type), allowed: "1 to 3")
        }
        self.position = position
        guard length <= messageLength else {
            throw WireError.invalid(field: "fraglen", value: UInt64(length), allowed: "at most msglen")
        }
        guard Int(length) <= reader.remaining else {
            throw WireError.short(field: "fragment", needed: reader.offset + Int(length), available: bytes.count)
        }
        fragment = copy(bytes, from: reader.offset, count: Int(length))
    }

    public var encodedLength: Int { Self.headerLength + fragment.count }

    public func encodeBody(into writer: inout ByteWriter) {
        group.encode(into: &writer)
        writer.slot32(messageLength)
        writer.slot32(UInt32(clamping: fragment.count))
        writer.slot32(pid)
        writer.slot32(position.rawValue)
        source.encode(into: &writer)
        writer.bytes(fragment)
    }
}
