import ClientProtocol
import TotemWire

/// Requests as the client libraries lay them out (spec: ipc.md 6 to 10).
enum LibraryRequests {
    // MARK: libcpg

    static func join(_ group: String, process: UInt32, wantsRing: Bool) -> [UInt8] {
        var request = RequestBuffer(id: 0, size: 168)
        request.groupName(group)
        request.put(process, at: 152)
        request.put(UInt32(wantsRing ? 1 : 0), at: 160)
        return request.bytes
    }

    static func leave(_ group: String, process: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 1, size: 160)
        request.groupName(group)
        request.put(process, at: 152)
        return request.bytes
    }

    static func multicast(_ payload: [UInt8]) -> [UInt8] {
        var request = RequestBuffer(id: 2, size: 40, room: payload.count)
        request.put(UInt32(2), at: 24)
        request.put(UInt32(clamping: payload.count), at: 32)
        request.append(payload)
        return request.bytes
    }

    /// - Parameter position: 1 for the first piece, 3 for the last, 2 for the others.
    static func fragment(_ payload: ArraySlice<UInt8>, of length: Int, position: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 12, size: 56, room: payload.count)
        request.put(UInt32(2), at: 24)
        request.put(UInt32(clamping: length), at: 32)
        request.put(UInt32(clamping: payload.count), at: 40)
        request.put(position, at: 48)
        request.append(payload)
        return request.bytes
    }

    /// What a library hands its program when the last piece of a message has come: an event like that of a message sent
    /// in one.
    static func delivery(_ payload: [UInt8], from sender: GroupProcessID, group: [UInt8]) -> [UInt8] {
        var event = RequestBuffer(id: 5, size: 184, room: payload.count)
        event.put(UInt32(clamping: group.count), at: 24)
        for (index, byte) in group.enumerated() { event.put(byte, at: 32 + index) }
        event.put(UInt32(clamping: payload.count), at: 160)
        event.put(sender.node, at: 168)
        event.put(sender.pid, at: 176)
        event.append(payload)
        return event.bytes
    }

    static func membership(_ group: String) -> [UInt8] {
        var request = RequestBuffer(id: 3, size: 152)
        request.groupName(group)
        return request.bytes
    }

    static let finalizeGroups = RequestBuffer(id: 8, size: 16).bytes

    // MARK: libquorum

    static let isQuorate = RequestBuffer(id: 0, size: 16).bytes

    static func trackQuorum(flags: UInt32) -> [UInt8] { number(1, flags) }

    static func selectModel(_ model: UInt32) -> [UInt8] { number(4, model) }

    // MARK: libvotequorum

    static func voteInfo(_ node: UInt32) -> [UInt8] { number(0, node) }

    static func trackVotes(context: UInt64, flags: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 3, size: 32)
        request.put(context, at: 16)
        request.put(flags, at: 24)
        return request.bytes
    }

    // MARK: libcmap

    static func set(_ key: String, _ value: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 0, size: 300)
        request.keyName(key)
        request.put(UInt64(4), at: 280)
        request.put(UInt8(6), at: 288)
        request.put(value, at: 296)
        return request.bytes
    }

    static func delete(_ key: String) -> [UInt8] {
        var request = RequestBuffer(id: 1, size: 280)
        request.keyName(key)
        return request.bytes
    }

    static func get(_ key: String) -> [UInt8] {
        var request = RequestBuffer(id: 2, size: 288)
        request.keyName(key)
        request.put(UInt64(4), at: 280)
        return request.bytes
    }

    static func track(prefix: String, instance: UInt64) -> [UInt8] {
        var request = RequestBuffer(id: 7, size: 296)
        request.keyName(prefix)
        request.put(UInt32(15), at: 280)
        request.put(instance, at: 288)
        return request.bytes
    }

    // MARK: libcfg

    static let ringStatus = RequestBuffer(id: 0, size: 16).bytes
    static let reload = RequestBuffer(id: 7, size: 16).bytes

    static func kill(_ node: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 2, size: 288)
        request.put(node, at: 16)
        request.put(UInt16(5), at: 24)
        request.put(UInt32(0x6C6C_696B), at: 26)
        return request.bytes
    }

    static func nodeStatus(_ node: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: 9, size: 32)
        request.put(node, at: 16)
        request.put(UInt32(1), at: 24)
        return request.bytes
    }

    private static func number(_ id: UInt32, _ value: UInt32) -> [UInt8] {
        var request = RequestBuffer(id: id, size: 24)
        request.put(value, at: 16)
        return request.bytes
    }
}

/// A request under construction: fields at their offsets, as a library fills its struct.
struct RequestBuffer {
    private(set) var bytes: [UInt8] = []

    init(id: UInt32, size: Int, room: Int = 0) {
        bytes.reserveCapacity(size + room)
        bytes.append(contentsOf: repeatElement(0, count: size))
        put(id, at: 0)
        put(UInt32(clamping: size), at: 8)
    }

    mutating func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        var rest = number
        for index in 0..<(Number.bitWidth / 8) where offset + index < bytes.count {
            bytes[offset + index] = UInt8(truncatingIfNeeded: rest)
            rest = Number.bitWidth > 8 ? rest >> 8 : 0
        }
    }

    /// Adds what follows the struct; the header's size grows with it.
    mutating func append(_ payload: some Collection<UInt8>) {
        bytes.append(contentsOf: payload)
        put(UInt32(clamping: bytes.count), at: 8)
    }

    mutating func groupName(_ name: String) {
        put(UInt32(clamping: name.utf8.count), at: 16)
        text(name, at: 24)
    }

    mutating func keyName(_ name: String) {
        put(UInt16(clamping: name.utf8.count), at: 16)
        text(name, at: 24)
    }

    private mutating func text(_ text: String, at offset: Int) {
        for (index, byte) in text.utf8.enumerated() { put(byte, at: offset + index) }
    }
}
