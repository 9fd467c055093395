import TotemWire

extension CmapRequest: ClientRequest {
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .set(let name, let type, let value):
            writer.request(0, size: 296 + value.count)
            writer.cmapName(name)
            writer.u64(UInt64(value.count))
            writer.u8(type)
            writer.fill(to: 296)
            writer.bytes(value)
        case .delete(let name):
            writer.request(1, size: 280)
            writer.cmapName(name)
        case .get(let name, let room):
            writer.request(2, size: 288)
            writer.cmapName(name)
            writer.u64(room)
        case .adjust(let name, let step):
            writer.request(3, size: 288)
            writer.cmapName(name)
            writer.slot(UInt32(bitPattern: step))
        case .startIteration(let prefix):
            writer.request(4, size: 280)
            writer.cmapName(prefix)
        case .iterate(let handle): Self.encode(5, handle, into: &writer)
        case .endIteration(let handle): Self.encode(6, handle, into: &writer)
        case .track(let name, let flags, let instance):
            writer.request(7, size: 296)
            writer.cmapName(name ?? "")
            writer.slot(flags)
            writer.u64(instance)
        case .untrack(let handle): Self.encode(8, handle, into: &writer)
        case .selectMap(let map):
            writer.request(9, size: 24)
            writer.slot(UInt32(bitPattern: map))
        }
    }

    private static func encode(_ id: UInt32, _ handle: UInt64, into writer: inout ByteWriter) {
        writer.request(id, size: 24)
        writer.u64(handle)
    }
}
