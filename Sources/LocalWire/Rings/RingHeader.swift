import TotemWire

/// The header of a new ring, which tells its client how large it is and where its data lies.
public struct RingHeader: Sendable {
    /// Of the data.
    public var words: Int
    public var headerPath: String
    public var dataPath: String

    public init(words: Int, headerPath: String, dataPath: String) {
        self.words = words
        self.headerPath = headerPath
        self.dataPath = dataPath
    }

    /// Everything up to the semaphore, with one user: whoever made it.
    public func encode(into writer: inout ByteWriter) {
        writer.u32(0)
        writer.u32(0)
        writer.u32(UInt32(clamping: words))
        writer.path(headerPath)
        writer.path(dataPath)
        writer.u32(1)
    }
}

extension ByteWriter {
    /// A path in the room that libraries have for one, with a zero byte behind it.
    mutating func path(_ path: String) {
        var room = RingLayout.pathSize
        for byte in path.utf8 where room > 1 {
            u8(byte)
            room -= 1
        }
        zeros(room)
    }
}
