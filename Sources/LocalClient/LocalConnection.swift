import ClientProtocol
import Glibc
import LocalWire
import TotemWire

/// A connection with a service of the daemon on this machine, Rondo's or Corosync's, in the protocol of libqb's clients
/// (spec: ipc.md 3).
///
/// Its calls block, and are made one at a time.
public final class LocalConnection {
    /// Between two looks whether the server still lives while its response is awaited, milliseconds.
    private static let look: Int32 = 200
    /// Events that are taken before the bytes that came with them are: a socket has room for some hundreds.
    private static let mostUnskipped = 64

    private struct Rings: ~Copyable {
        let request: RingMemory
        let response: RingMemory
        let event: RingMemory
        var requests: RingWriter
        var responses: RingReader
        var events: RingReader
    }

    private let socket: ServerSocket
    private var rings: Rings?
    /// What a server that was killed leaves behind; empty once that is taken away.
    private var files: [RingFile.Identity]
    private var writer = ByteWriter()
    private var unskipped = 0
    /// The server has ended its side, or has made of a ring what it cannot be.
    private var isGone = false

    /// Connects.
    ///
    /// - Parameter limit: how long to wait for the daemon; for ever when nil, as client libraries do.
    /// - Throws: `library` without a daemon, `tryAgain` while it starts, `access` when it refuses this user, `noSpace` when
    ///   /dev/shm is full, `notSupported` when it speaks through datagram sockets.
    public init(to service: LocalService, limit: Duration? = nil) throws(LocalClientError) {
        let socket = try ServerSocket(service)
        let request = ConnectRequest(largestMessage: UInt32(ConnectRequest.limit))
        switch try socket.introduce(request, until: WaitLimit(limit)) {
        case .refused(let code): throw LocalClientError(errno: code)
        case .accepted(_, let largestMessage, let paths):
            // The server gives them to the real user.
            let rings = try Self.open(
                paths, owners: [socket.user, getuid(), geteuid()], largestMessage: largestMessage)
            files = rings.request.files + rings.response.files + rings.event.files
            self.rings = consume rings
        }
        self.socket = socket
    }

    deinit { close() }

    /// What becomes readable when events have come, or when the server has gone. Nothing else is done with it.
    public var descriptor: Int32 { socket.descriptor }

    private static func open(
        _ paths: RingPaths, owners: [uid_t], largestMessage: Int
    ) throws(LocalClientError) -> Rings {
        let request = try RingMemory(path: paths.request, owners: owners, largestMessage: largestMessage)
        let response = try RingMemory(path: paths.response, owners: owners, largestMessage: largestMessage)
        let event = try RingMemory(path: paths.event, owners: owners, largestMessage: largestMessage)
        let requests = RingWriter(words: request.words, largestMessage: largestMessage)
        let responses = RingReader(words: response.words, largestMessage: largestMessage)
        let events = RingReader(words: event.words, largestMessage: largestMessage)
        return Rings(
            request: request, response: response, event: event, requests: requests, responses: responses, events: events
        )
    }

    // MARK: Requests

    /// Sends a request that is answered, and waits for the response.
    ///
    /// - Parameter limit: how long to wait; for ever when nil, as client libraries do. A connection whose response has not
    ///   come in time cannot be used any more.
    /// - Throws: `tryAgain` while requests are held back or the daemon has not taken earlier ones: nothing was sent. `library`
    ///   when the daemon has gone. `timeout` when the limit is reached.
    public func request(_ request: some ClientRequest, limit: Duration? = nil) throws(LocalClientError) -> Answer {
        try send(request)
        let limit = WaitLimit(limit)
        while true {
            guard let slice = limit.slice(atMost: Self.look) else {
                isGone = true
                throw LocalClientError(.timeout)
            }
            if let bytes = try takeResponse(waiting: slice) { return try Self.answer(bytes) }
            guard socket.isHungUp else { continue }
            // What a server has said before it went counts.
            if let bytes = try takeResponse(waiting: 0) { return try Self.answer(bytes) }
            throw lost()
        }
    }

    /// Sends a request that is not answered; throws as `request`.
    public func send(_ request: some ClientRequest) throws(LocalClientError) {
        guard !isGone, let inUse = rings?.request.isInUse else { throw .gone }
        guard inUse else { throw lost() }
        request.encode(into: &writer)
        let word = rings?.request.flowControl ?? 0
        guard word == 0 || word > request.heldBackUpTo else { throw LocalClientError(.tryAgain) }
        let bytes = writer.take()
        guard try write(bytes) else { throw LocalClientError(.tryAgain) }
        do throws(LocalClientError) {
            // Its value means nothing; libraries send the low byte of the length.
            try socket.send([UInt8(truncatingIfNeeded: bytes.count)])
        } catch {
            throw lost()
        }
    }

    private func write(_ bytes: [UInt8]) throws(LocalClientError) -> Bool {
        do throws(RingFault) {
            guard let requests = rings?.requests else { return false }
            var writer = requests
            defer { rings?.requests = writer }
            return try rings?.request.write(bytes, &writer) ?? false
        } catch {
            if case .length = error { throw LocalClientError(.tooBig) }
            throw broken(error)
        }
    }

    private func takeResponse(waiting milliseconds: Int32) throws(LocalClientError) -> [UInt8]? {
        do throws(RingFault) {
            guard let responses = rings?.responses else { return nil }
            var reader = responses
            defer { rings?.responses = reader }
            return try rings?.response.read(&reader, waiting: milliseconds) ?? nil
        } catch {
            throw broken(error)
        }
    }

    // MARK: Events

    /// The next event, without waiting.
    ///
    /// - Returns: nil when there is none: the descriptor becomes readable when one has come.
    /// - Throws: `library` when the daemon has gone, after the events that came before.
    public func nextEvent() throws(LocalClientError) -> Answer? {
        guard rings != nil else { throw .gone }
        if unskipped < Self.mostUnskipped, let event = try takeEvent() { return event }
        // No byte is sent before its event is there: what comes after this look has one of its own, which wakes again.
        unskipped = 0
        let isOpen = socket.skipBytes()
        if let event = try takeEvent() { return event }
        guard !isGone else { throw .gone }
        guard isOpen else { throw lost() }
        return nil
    }

    private func takeEvent() throws(LocalClientError) -> Answer? {
        let taken: [UInt8]?
        do throws(RingFault) {
            guard let events = rings?.events else { return nil }
            var reader = events
            defer { rings?.events = reader }
            taken = try rings?.event.read(&reader, waiting: 0) ?? nil
        } catch {
            throw broken(error)
        }
        guard let taken else { return nil }
        unskipped += 1
        return try Self.answer(taken)
    }

    private static func answer(_ bytes: [UInt8]) throws(LocalClientError) -> Answer {
        do {
            return try Answer(bytes)
        } catch {
            throw LocalClientError(.messageError, error.description)
        }
    }

    private func broken(_ fault: RingFault) -> LocalClientError {
        isGone = true
        return LocalClientError(.library, "the daemon's memory makes no sense: \(fault)")
    }

    // MARK: End

    /// Ends the connection; nothing of it can be used afterwards. A second call does nothing.
    ///
    /// A server that was killed leaves its files: they are taken away.
    public func close() {
        guard let used = rings.take() else { return }
        if isGone || socket.isHungUp { removeOrphans() }
        isGone = true
        shutdown(socket.descriptor, Int32(SHUT_RDWR))
        // The server hears of the end before its rings are given back.
        _ = consume used
    }

    /// The server has gone: its files are seen to at once, since this program may be at its end, too. Events that came before
    /// can still be taken.
    private func lost() -> LocalClientError {
        isGone = true
        removeOrphans()
        return .gone
    }

    private func removeOrphans() {
        guard socket.process > 0 else { return }
        // A server ends its connections a moment before itself, and then whoever started it has to take note.
        for _ in 0..<Self.mostLooks {
            // One that was not killed sees to them itself.
            guard files.contains(where: \.isThere) else { return files = [] }
            if kill(socket.process, 0) != 0, errno == ESRCH {
                files.remove()
                return files = []
            }
            usleep(10_000)
        }
    }

    private static let mostLooks = 10
}
