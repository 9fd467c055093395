/// The requests of libcmap as it builds them.
enum CmapRequests {
    static func set(_ name: String, type: UInt8, _ value: [UInt8]) -> [UInt8] {
        var request = RequestBytes(id: 0, size: 296 + value.count)
        request.setName(name)
        request.set(280, UInt64(value.count))
        request.set(288, type)
        for (index, byte) in value.enumerated() { request.set(296 + index, byte) }
        return request.bytes
    }

    static func delete(_ name: String) -> [UInt8] {
        var request = RequestBytes(id: 1, size: 280)
        request.setName(name)
        return request.bytes
    }

    static func get(_ name: String, room: UInt64) -> [UInt8] {
        var request = RequestBytes(id: 2, size: 288)
        request.setName(name)
        request.set(280, room)
        return request.bytes
    }

    static func adjust(_ name: String, by step: Int32) -> [UInt8] {
        var request = RequestBytes(id: 3, size: 288)
        request.setName(name)
        request.set(280, step)
        return request.bytes
    }

    static func iterate(prefix: String) -> [UInt8] {
        var request = RequestBytes(id: 4, size: 280)
        request.setName(prefix)
        return request.bytes
    }

    static func next(_ handle: UInt64) -> [UInt8] { withHandle(5, handle) }

    static func endIteration(_ handle: UInt64) -> [UInt8] { withHandle(6, handle) }

    static func track(_ name: String, flags: UInt32, instance: UInt64) -> [UInt8] {
        var request = RequestBytes(id: 7, size: 296)
        request.setName(name)
        request.set(280, flags)
        request.set(288, instance)
        return request.bytes
    }

    static func untrack(_ handle: UInt64) -> [UInt8] { withHandle(8, handle) }

    static func selectMap(_ number: Int32) -> [UInt8] {
        var request = RequestBytes(id: 9, size: 24)
        request.set(16, number)
        return request.bytes
    }

    private static func withHandle(_ id: UInt32, _ handle: UInt64) -> [UInt8] {
        var request = RequestBytes(id: id, size: 24)
        request.set(16, handle)
        return request.bytes
    }
}
