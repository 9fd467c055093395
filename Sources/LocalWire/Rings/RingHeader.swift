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

    /// Reads the header of a ring that a server has made.
    ///
    /// - Returns: nil when it is cut short, or names no data.
    public init?(decoding bytes: Span<UInt8>) {
        var reader = ByteReader(bytes, order: .native, at: RingLayout.wordCountOffset)
        guard let words = try? reader.u32("word count"), let headerPath = reader.path(),
            let dataPath = reader.path()
        else { return nil }
        self.init(words: Int(words), headerPath: headerPath, dataPath: dataPath)
    }

    /// Whether its files can be those of a ring that carries messages of so many bytes; everything that is done to a ring stays
    /// inside files of which this is true.
    ///
    /// - Parameters:
    ///   - headerSize: bytes of the header's file.
    ///   - dataSize: bytes of the data's.
    public func fits(headerSize: Int, dataSize: Int, largestMessage: Int) -> Bool {
        let neededWords = largestMessage / RingLayout.wordSize + RingLayout.chunkMargin / RingLayout.wordSize + 1
        return headerSize >= RingLayout.flowControlOffset + RingLayout.wordSize && words <= RingLayout.mostWords
            && words * RingLayout.wordSize <= dataSize && words >= neededWords
    }
}

extension ByteReader {
    /// A path in the room that libraries have for one.
    ///
    /// - Returns: nil when there is none, or no zero byte behind it.
    @_lifetime(self: copy self)
    mutating func path() -> String? {
        guard let room = try? span(RingLayout.pathSize, "path") else { return nil }
        var path: [UInt8] = []
        for index in room.indices {
            guard room[index] != 0 else { return path.isEmpty ? nil : String(decoding: path, as: UTF8.self) }
            path.append(room[index])
        }
        return nil
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
