import ClientProtocol
import Glibc
import LocalWire
import TotemWire

/// The three rings of a connection: requests come, responses and events go.
final class ClientRings {
    private let memory: SharedMemory
    private let folder: RingFolder
    private let request: SharedMemory.Ring
    private let response: SharedMemory.Ring
    private let event: SharedMemory.Ring
    private var requests: RingReader
    private var responses: RingWriter
    private var events: RingWriter
    private var isClosed = false
    /// Where the client stood in its events when the last was written, as it said.
    private(set) var eventReadPosition: UInt32 = 0
    let paths: RingPaths

    /// Makes the files for a client that may connect.
    ///
    /// - Parameters:
    ///   - connection: a number that no other connection of the client has.
    ///   - user: whose the files are, and the group.
    ///   - largestMessage: bytes, either way.
    init(
        service: String, client: Int32, connection: Int32, user: UInt32, group: UInt32, largestMessage: Int
    ) throws(SystemCode) {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let dataSize = RingLayout.dataSize(largestMessage: largestMessage, pageSize: page)
        let headerRoom = (RingLayout.headerSize + page - 1) / page * page
        let words = dataSize / RingLayout.wordSize
        let memory = try SharedMemory(headerRoom: headerRoom, dataSize: dataSize)
        var folder = try RingFolder(client: client, connection: connection)
        let paths = RingPaths(folder: folder.path, service: service)
        let names = RingPaths.Name.allCases
        let rings: [SharedMemory.Ring]
        do throws(SystemCode) {
            var made: [SharedMemory.Ring] = []
            for (index, name) in names.enumerated() {
                let files = (header: name.headerFile(of: service), data: name.dataFile(of: service))
                let header = try folder.makeFile(files.header, size: RingLayout.headerSize, user: user, group: group)
                defer { Glibc.close(header) }
                let data = try folder.makeFile(files.data, size: dataSize, user: user, group: group)
                defer { Glibc.close(data) }
                var writer = ByteWriter(capacity: RingLayout.semaphoreOffset)
                RingHeader(
                    words: words, headerPath: "\(folder.path)/\(files.header)", dataPath: "\(folder.path)/\(files.data)"
                ).encode(into: &writer)
                made.append(try memory.map(index, header: header, data: data, opening: writer.bytes))
            }
            try folder.give(to: user, group)
            rings = made
        } catch {
            folder.remove()
            throw error
        }
        self.memory = memory
        self.folder = folder
        self.paths = paths
        request = rings[0]
        response = rings[1]
        event = rings[2]
        requests = RingReader(words: words, largestMessage: largestMessage)
        responses = RingWriter(words: words, largestMessage: largestMessage)
        events = RingWriter(words: words, largestMessage: largestMessage)
    }

    deinit { close() }

    /// Tells the client that nobody is here any more, and takes the files away.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for ring in [request, response, event] { ring.endUse() }
        folder.remove()
    }

    /// Whether the client has shortened a file; what was read since then is not what it wrote.
    var isLost: Bool { memory.isLost }

    /// Whether a request waits, as the client says.
    var hasRequest: Bool { request.announced > 0 }

    /// Copies the next request to the end of `bytes`, and makes room for another.
    ///
    /// - Returns: false when there is none.
    func takeRequest(into bytes: inout [UInt8]) throws(RingFault) -> Bool {
        guard request.announced > 0 else { return false }
        let mark = request[requests.markWord]
        let chunk = try requests.chunk(
            mark: mark, length: request[requests.lengthWord], writePosition: request.writePosition)
        request.append(chunk, to: &bytes)
        request[chunk.lengthWord] = 0
        request[chunk.markWord] = RingMark.taken
        // Before the position: the client takes two equal positions and a chunk that waits for a full ring.
        request.takeAnnouncement()
        requests.advance(past: chunk)
        request.readPosition = chunk.next
        return true
    }

    /// Puts a message into a ring, as a whole.
    ///
    /// - Returns: false while the client has no room for it.
    func write(_ bytes: [UInt8], _ channel: ClientMessage.Channel) throws(RingFault) -> Bool {
        guard channel == .event else {
            return try Self.write(bytes, to: response, readPosition: response.readPosition, &responses)
        }
        eventReadPosition = event.readPosition
        return try Self.write(bytes, to: event, readPosition: eventReadPosition, &events)
    }

    private static func write(
        _ bytes: [UInt8], to ring: SharedMemory.Ring, readPosition: UInt32, _ writer: inout RingWriter
    ) throws(RingFault) -> Bool {
        guard let chunk = try writer.place(bytes.count, readPosition: readPosition) else { return false }
        ring[chunk.lengthWord] = 0
        ring[chunk.markWord] = RingMark.begun
        ring.fill(chunk, with: bytes)
        ring[chunk.lengthWord] = UInt32(chunk.count)
        writer.advance(past: chunk)
        ring.writePosition = chunk.next
        ring[chunk.markWord] = RingMark.complete
        ring.announce()
        return true
    }

    /// Whether the client is to hold its requests back: 0 no, 1 all, 2 multicasts (spec: ipc.md 2.6).
    func setFlowControl(_ word: UInt32) { request.flowControl = word }
}
