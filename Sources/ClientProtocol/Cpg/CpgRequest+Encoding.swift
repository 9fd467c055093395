import TotemWire

extension CpgRequest: ClientRequest {
    /// What programs on libcpg ask for; every engine delivers in agreed order whatever it is (spec: ipc.md 6.1).
    private static let agreed: UInt32 = 2
    /// Bytes of the longest message that is sent as one (spec: ipc.md 6.4).
    public static let longestMulticast = 1_047_552

    /// A multicast is held back while the ring changes and while its queues are full.
    public var heldBackUpTo: UInt32 {
        switch self {
        case .multicast, .fragment: 2
        default: 1
        }
    }

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .join(let group, let process, let wantsRing):
            writer.request(0, size: 168)
            writer.cpgName(group.bytes)
            writer.slot(process)
            writer.slot(wantsRing ? 1 : 0)
        case .leave(let group, let process):
            writer.request(1, size: 160)
            writer.cpgName(group.bytes)
            writer.slot(process)
        case .multicast(let payload):
            writer.request(2, size: 40 + payload.count)
            writer.fill(to: 24)
            writer.slot(Self.agreed)
            writer.slot(UInt32(clamping: payload.count))
            writer.bytes(payload)
        case .membership(let group):
            writer.request(3, size: 152)
            writer.cpgName(group.bytes)
        case .localNode: writer.request(4)
        case .startIteration(let kind, let group):
            writer.request(5, size: 160)
            writer.cpgName(group.bytes)
            writer.slot(kind.rawValue)
        case .iterate(let handle): Self.encode(6, handle, into: &writer)
        case .endIteration(let handle): Self.encode(7, handle, into: &writer)
        case .finalize: writer.request(8)
        case .bufferMulticast(let payload): CpgBufferRequest.attach(payload, into: &writer)
        case .noBuffer: writer.request(11)
        case .fragment(let position, let messageLength, let payload):
            writer.request(12, size: 56 + payload.count)
            writer.fill(to: 24)
            writer.slot(Self.agreed)
            writer.slot(messageLength)
            writer.slot(UInt32(clamping: payload.count))
            writer.slot(position.rawValue)
            writer.bytes(payload)
        }
    }

    private static func encode(_ id: UInt32, _ handle: UInt64, into writer: inout ByteWriter) {
        writer.request(id, size: 24)
        writer.u64(handle)
    }

    /// A message too long for one request, in the pieces in which it is sent, each answered before the next
    /// (spec: ipc.md 6.4).
    public static func fragments(of message: [UInt8]) -> some Sequence<CpgRequest> {
        stride(from: 0, to: message.count, by: longestMulticast).lazy.map { start in
            let end = min(start + longestMulticast, message.count)
            let position: CpgFragmentPosition = start == 0 ? .first : end == message.count ? .last : .middle
            return .fragment(
                position: position, messageLength: UInt32(clamping: message.count), payload: Array(message[start..<end])
            )
        }
    }
}
