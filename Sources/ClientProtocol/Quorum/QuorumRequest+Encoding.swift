import TotemWire

extension QuorumRequest: ClientRequest {
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .isQuorate: writer.request(0)
        case .track(let flags): Self.encode(1, flags, into: &writer)
        case .stopTracking: writer.request(2)
        case .providerType: writer.request(3)
        case .selectModel(let model): Self.encode(4, model, into: &writer)
        }
    }

    private static func encode(_ id: UInt32, _ number: UInt32, into writer: inout ByteWriter) {
        writer.request(id, size: 24)
        writer.slot(number)
    }
}
