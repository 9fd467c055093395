import TotemWire

/// "I have finished the current service": the synchronisation step all members wait for (spec: services.md 2.1).
public struct Barrier: Sendable, Equatable {
    public static let id: UInt32 = 0
    public static let length = 32

    public var ringID: RingID

    public init(ringID: RingID) { self.ringID = ringID }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        ringID = try reader.ringID("barrier.ring_id")
        try reader.skip(4, "barrier padding")
    }

    public func encode(into writer: inout ByteWriter) {
        ServiceHeader(id: Self.id, size: UInt32(Self.length)).encode(into: &writer)
        writer.ringID(ringID)
        writer.zeros(4)
    }
}

/// The services a member can synchronise; the union over all members is what the round goes through
/// (spec: services.md 2.1).
public struct ServiceBuild: Sendable, Equatable {
    public static let id: UInt32 = 1
    public static let length = 552
    /// Entries the message has room for.
    public static let capacity = 128
    /// Service ids are 0 ..< this; which also bounds the union of all lists.
    public static let serviceLimit: UInt32 = 64

    public var ringID: RingID
    /// Service ids, ascending.
    public var services: [UInt32]

    public init(ringID: RingID, services: [UInt32]) {
        self.ringID = ringID
        self.services = Array(services.prefix(Self.capacity))
    }

    public init(decoding bytes: Span<UInt8>, order: ByteOrder) throws(WireError) {
        guard bytes.count >= Self.length else {
            throw WireError.short(field: "service_build", needed: Self.length, available: bytes.count)
        }
        var reader = ByteReader(bytes, order: order, at: ServiceHeader.length)
        ringID = try reader.ringID("service_build.ring_id")
        try reader.skip(4, "service_build padding")
        let entries = try reader.slot32("service_build.entries")
        guard entries <= UInt32(Self.capacity) else {
            throw WireError.invalid(field: "service_build.entries", value: UInt64(entries), allowed: "at most 128")
        }
        services = []
        for _ in 0..<entries {
            let id = try reader.u32("service_build.list")
            guard id < Self.serviceLimit else {
                throw WireError.invalid(field: "service_build.list", value: UInt64(id), allowed: "0 to 63")
            }
            services.append(id)
        }
    }

    public func encode(into writer: inout ByteWriter) {
        ServiceHeader(id: Self.id, size: UInt32(Self.length)).encode(into: &writer)
        writer.ringID(ringID)
        writer.zeros(4)
        writer.slot32(UInt32(clamping: services.count))
        for id in services { writer.u32(id) }
        writer.zeros(4 * (Self.capacity - services.count))
    }
}

extension ServiceOutputs {
    mutating func multicast(_ barrier: Barrier) {
        var writer = ByteWriter(capacity: Barrier.length)
        barrier.encode(into: &writer)
        multicast(synchronization: writer.bytes)
    }

    mutating func multicast(_ build: ServiceBuild) {
        var writer = ByteWriter(capacity: ServiceBuild.length)
        build.encode(into: &writer)
        multicast(synchronization: writer.bytes)
    }
}
