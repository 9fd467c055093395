import Basics
import CPosix
import ClientProtocol
import ClusterMap
import Glibc
import LocalWire

/// One client connection: its socket, its rings, and what waits for it.
final class Connection {
    enum Transmission {
        case sent
        /// The client has not read enough.
        case full
        /// The client has made of its ring what it cannot be.
        case broken(RingFault)
    }

    /// So many events go out at most before their client is woken, so that it works while the daemon does.
    private static let mostUntold = 64
    /// Bytes that nobody awaits, taken with one call.
    private static let flood = 512

    let id: ConnectionID
    let identity: ConnectionIdentity
    let endpoint: ServiceEndpoint
    let descriptor: Int32
    /// Bytes of the largest message either way.
    let bufferSize: Int
    /// What a client of the process groups shares.
    let buffers: SharedBuffers
    private let rings: ClientRings
    private(set) var isOpen = true
    /// It ends as soon as nothing of it is at work; nothing is sent any more.
    var isGivenUp = false
    private(set) var figures = ConnectionStatistics()
    private(set) var waiting = WaitingMessages()

    /// Whether requests are taken: 0 yes, 1 none, 2 neither, and multicasts are told to try again (spec: ipc.md 2.6).
    private(set) var flowControl: UInt32 = 0
    /// The client is to multicast nothing until it has read more.
    private var isHeldBack = false
    /// No client of the node is to multicast anything.
    private var isHeldWithAll = false
    /// When the client was last seen to have read events.
    private var lastRead: Instant
    private var lastReadPosition: UInt32 = 0
    /// Since when more waits for it than may wait for all when they are let go.
    private var behindSince: Instant?
    /// It is among those whose messages are tried again.
    var isStalled = false
    /// Bytes of requests since then.
    private var askedSinceRead = 0
    /// Requests are not waited for: they could not be taken.
    var isMuted = false
    /// The client's socket was full of bytes when the last were sent.
    private(set) var isSocketFull = false
    /// Events in the ring for which the client has not had its byte.
    private(set) var untoldEvents = 0
    /// Bytes of requests that were read, less the requests that were taken.
    private var byteBalance = 0

    /// - Parameters:
    ///   - descriptor: is closed with the connection.
    ///   - user: who connected, attested by the kernel.
    init(
        _ descriptor: Int32, _ rings: ClientRings, identity: ConnectionIdentity, endpoint: ServiceEndpoint,
        bufferSize: Int, user: UInt32, now: Instant
    ) {
        lastRead = now
        buffers = SharedBuffers(user: user)
        id = identity.id
        self.descriptor = descriptor
        self.rings = rings
        self.identity = identity
        self.endpoint = endpoint
        self.bufferSize = bufferSize
    }

    /// Ends it for the client; nothing of it can be used any more.
    func close() {
        guard isOpen else { return }
        isOpen = false
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        rings.close()
    }

    /// The name and number of the client's process, for the log.
    var client: String { "\(identity.processName) (pid \(identity.process))" }

    // MARK: Requests

    /// Whether the client has shortened a file of its rings.
    var isLost: Bool { rings.isLost }

    /// Copies the next request to the end of `bytes`.
    ///
    /// - Returns: false when there is none.
    func takeRequest(into bytes: inout [UInt8]) throws(RingFault) -> Bool {
        let count = bytes.count
        guard isOpen, try rings.takeRequest(into: &bytes) else { return false }
        askedSinceRead = min(askedSinceRead, 1 << 40) + bytes.count - count
        byteBalance -= 1
        figures.requests &+= 1
        return true
    }

    /// Reads the bytes that came with requests, with one call and without waiting: one that is late is read later.
    ///
    /// - Parameter taken: how many requests were found. When there were none, what woke the daemon is a byte too many, or
    ///   one that was late.
    /// - Returns: false when the client has ended its side.
    func readBytes(taken: Int) -> Bool {
        guard isOpen, byteBalance < 0 || taken == 0 else { return true }
        let count = byteBalance < 0 ? min(-byteBalance, Self.flood) : Self.flood
        let taken = rondo_skip_bytes(descriptor, count)
        if taken > 0 { byteBalance = min(byteBalance + taken, 1 << 20) }
        return taken > 0 || taken < 0 && errno == EAGAIN
    }

    /// Whether a request waits whose byte has been read already, so that nothing will wake the daemon for it.
    var isOverdue: Bool { isOpen && byteBalance > 0 && rings.hasRequest }

    func noteInvalidRequest() { figures.invalidRequests &+= 1 }

    func noteOverload() { figures.overload &+= 1 }

    func setFlowControl(_ word: UInt32) {
        guard word != flowControl else { return }
        flowControl = word
        tellFlow()
    }

    private func holdBack(_ isHeldBack: Bool) {
        guard isHeldBack != self.isHeldBack else { return }
        self.isHeldBack = isHeldBack
        tellFlow()
    }

    func holdWithAll(_ isHeld: Bool) {
        isHeldWithAll = isHeld
        tellFlow()
    }

    /// Libraries read it before each request: 2 holds multicasts back.
    private func tellFlow() {
        let word = flowControl == 0 && (isHeldBack || isHeldWithAll) ? 2 : flowControl
        guard isOpen, word != figures.flowControl else { return }
        rings.setFlowControl(word)
        figures.flowControl = word
        figures.flowControlCount &+= 1
    }

    // MARK: Messages

    func transmit(_ bytes: [UInt8], _ channel: ClientMessage.Channel, now: Instant) -> Transmission {
        // Whoever has an answer finds the events that came before it.
        if channel == .response, untoldEvents > 0 { wake() }
        do throws(RingFault) {
            let isWritten = try rings.write(bytes, channel)
            if rings.eventReadPosition != lastReadPosition {
                lastReadPosition = rings.eventReadPosition
                lastRead = now
                askedSinceRead = 0
            }
            guard isWritten else {
                figures.sendRetries &+= 1
                return .full
            }
        } catch {
            return .broken(error)
        }
        if channel == .event {
            figures.dispatched &+= 1
            figures.sent &+= 1
            untoldEvents += 1
            if untoldEvents % Self.mostUntold == 0, !isSocketFull { wake() }
        } else {
            figures.responses &+= 1
        }
        return .sent
    }

    /// Sends one byte for each event that has none, as far as the socket takes them.
    func wake() {
        guard isOpen else { return }
        while untoldEvents > 0 {
            let count = min(untoldEvents, Self.zeros.count)
            // Zeros, sent from memory that never changes.
            let sent = Self.zeros.withUnsafeBytes { rondo_send_now(descriptor, $0.baseAddress, count) }
            guard sent > 0 else {
                isSocketFull = errno == EAGAIN
                // With any other error the hang-up follows.
                if !isSocketFull { untoldEvents = 0 }
                return
            }
            untoldEvents -= sent
        }
        isSocketFull = false
    }

    private static let zeros = [UInt8](repeating: 0, count: 512)

    func beginQueueing(_ channel: ClientMessage.Channel) {
        guard channel == .event else { return }
        figures.queued = 0
        figures.sent = 0
    }

    /// - Parameter limits: a client for which too much waits, and that has sent as much without reading, multicasts nothing
    ///   more until half of it has gone.
    func enqueue(_ bytes: [UInt8], _ channel: ClientMessage.Channel, _ limits: WaitingLimits) {
        waiting.append(bytes, channel)
        if channel == .event { figures.queued &+= 1 }
        // Only who multicasts fills by that what waits for it.
        if endpoint.service == .cpg, min(waiting.bytes, askedSinceRead) > limits.holdBack { holdBack(true) }
    }

    /// The first message that waits has been sent.
    func dequeue(_ channel: ClientMessage.Channel, _ limits: WaitingLimits) {
        waiting.removeFirst(channel)
        if waiting.bytes <= limits.holdBack / 2 { holdBack(false) }
    }

    /// Bytes of events that wait, as long as the client reads (`BackPressure.share`).
    func lag(now: Instant, _ limits: WaitingLimits) -> Int {
        behindSince = waiting.eventBytes > limits.holdBack / 2 ? behindSince ?? now : nil
        return BackPressure.share(of: waiting.eventBytes, lastRead: lastRead, behind: behindSince, now: now)
    }

    /// Nothing of what waits will ever be read.
    func dropWaiting() { waiting.removeAll() }

    func endQueueing() {
        behindSince = nil
        figures.queued = 0
        figures.sent = 0
    }

    func statistics() -> ConnectionStatistics {
        var figures = figures
        figures.queueing = waiting.eventCount > 0
        return figures
    }
}
