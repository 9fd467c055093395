import ClusterMap
import TotemWire

/// A response to libcmap (spec: ipc.md 8.1).
public enum CmapResponse: Sendable, Equatable {
    case set(ClientError?)
    case delete(ClientError?)
    case getFailed(ClientError)
    /// `room` is what the client asked for; the response is as long as that, the value zero-filled to it. Zero room
    /// gives type and length only.
    case got(MapValue, room: UInt64)
    case adjust(ClientError?)
    case iterationStarted(handle: UInt64)
    case iterationRefused(ClientError)
    /// `length` as the client is to see it: strings of the statistics map are listed with length zero.
    case iterated(name: String, type: MapValueType, length: Int)
    case iterationEnded(ClientError)
    case endIteration(ClientError?)
    case tracked(handle: UInt64)
    case trackRefused(ClientError)
    case untracked(instance: UInt64)
    case untrackRefused(ClientError)
    case selectMap(ClientError?)

    /// A value that fills its buffer has at most this many bytes: the largest one and a NUL.
    private static let largestRoom = UInt64(MapValue.largestSize + 1)

    /// Writes the whole response; the writer's earlier content is forgotten.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .set(let error): writer.headerOnly(0, error: error)
        case .delete(let error): writer.headerOnly(1, error: error)
        case .getFailed(let error):
            writer.begin(2, size: 40, error: error)
            writer.fill(to: 40)
        case .got(let value, let room): encode(value, room: room, into: &writer)
        case .adjust(let error): writer.headerOnly(3, error: error)
        case .iterationStarted(let handle): encode(4, handle, error: nil, into: &writer)
        case .iterationRefused(let error): encode(4, 0, error: error, into: &writer)
        case .iterated(let name, let type, let length):
            writer.begin(5, size: 304)
            writer.cmapName(name)
            writer.u64(UInt64(length))
            writer.u8(type.rawValue)
            writer.fill(to: 304)
        case .iterationEnded(let error):
            writer.begin(5, size: 304, error: error)
            writer.fill(to: 304)
        case .endIteration(let error): writer.headerOnly(6, error: error)
        case .tracked(let handle): encode(7, handle, error: nil, into: &writer)
        case .trackRefused(let error): encode(7, 0, error: error, into: &writer)
        case .untracked(let instance): encode(8, instance, error: nil, into: &writer)
        case .untrackRefused(let error): encode(8, 0, error: error, into: &writer)
        case .selectMap(let error): writer.headerOnly(10, error: error)
        }
    }

    private func encode(_ value: MapValue, room: UInt64, into writer: inout ByteWriter) {
        let bytes = room == 0 ? [] : value.bytes
        let size = 40 + max(bytes.count, Int(min(room, Self.largestRoom)))
        writer.begin(2, size: size)
        writer.u64(UInt64(value.byteCount))
        writer.u8(value.type.rawValue)
        writer.fill(to: 40)
        writer.bytes(bytes)
        writer.fill(to: size)
    }

    private func encode(_ id: UInt32, _ handle: UInt64, error: ClientError?, into writer: inout ByteWriter) {
        writer.begin(id, size: 32, error: error)
        writer.u64(handle)
    }
}

extension ByteWriter {
    /// A key name with its length, 264 bytes.
    mutating func cmapName(_ name: String) {
        let end = count + 264
        let text = Array(name.utf8.prefix(KeyName.longest))
        u16(UInt16(truncatingIfNeeded: text.count))
        zeros(6)
        bytes(text)
        fill(to: end)
    }

    /// A whole notification: what a tracker of libcmap is told (spec: ipc.md 8.1).
    ///
    /// - Parameter instance: the handle the client gave when it began to track.
    public mutating func cmapNotification(_ notification: MapNotification, instance: UInt64) {
        let new = notification.new?.bytes ?? []
        let old = notification.old?.bytes ?? []
        begin(9, size: 336 + new.count + old.count)
        u64(instance)
        cmapName(notification.name)
        slot(notification.event.rawValue)
        u8(notification.new?.type.rawValue ?? 0)
        fill(to: 312)
        u8(notification.old?.type.rawValue ?? 0)
        fill(to: 320)
        u64(UInt64(new.count))
        u64(UInt64(old.count))
        bytes(new)
        bytes(old)
    }
}
