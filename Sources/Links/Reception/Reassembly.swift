import Basics

/// Puts packets together again that came in pieces, for all hosts (spec: knet.md 6).
///
/// The bytes lie in slabs of the longest packet's length. A packet takes one with its first piece and gives it back when it
/// is complete or given up; a slab that was used once is kept, so that nothing is allocated in the long run. What runs out
/// of room gives way: the one of the host, or of all, that has got no piece for longest. There is no timer: a host's
/// packets are given up when its counter has moved on.
public struct Reassembly: Sendable {
    /// Packets of one host at a time.
    public static let hostLimit = 32
    /// Packets of all hosts at a time: 4 MiB.
    public static let limit = 64
    /// A packet is given up when the host's newest number is further ahead.
    static let reach = 32

    /// A complete packet, still compressed if it was. Its bytes are there until the next call of `take`.
    public struct Whole: Sendable, Hashable {
        fileprivate let slab: Int
        /// Bytes.
        public let length: Int
    }

    public enum Outcome: Sendable, Hashable {
        case waiting
        case complete(Whole)
        case refused(FragmentRefusal)
    }

    private var packets = [PartialPacket?](repeating: nil, count: Reassembly.limit)
    /// Their bytes, a slab each, as many as were ever in use.
    private var slabs: [UInt8] = []
    /// Pieces that came, as the time of which `PartialPacket.lastUse` tells.
    private var pieces: UInt64 = 0
    var defects = Planted<LinkDefect>()
    /// Where the last piece went: the next one's place, as a rule.
    private var latest = 0
    /// Packets of which pieces are there.
    public private(set) var count = 0
    /// Packets that gave way to others or were left behind by their host's counter.
    public private(set) var givenUp: UInt64 = 0

    public init() {}

    /// Takes a piece of a packet that `window`, its host's, has judged fresh. Refused pieces change nothing, but that a
    /// new packet begins with a piece that is in order.
    public mutating func take(
        _ header: DataHeader, _ piece: Span<UInt8>, window: inout DuplicateWindow
    ) -> Outcome {
        do throws(FragmentRefusal) {
            return try accept(header, piece, &window)
        } catch {
            return .refused(error)
        }
    }

    /// The bytes of a complete packet.
    @_lifetime(borrow self)
    public func bytes(of packet: Whole) -> Span<UInt8> {
        slabs.span.extracting(start(of: packet.slab)..<(start(of: packet.slab) + packet.length))
    }

    /// Forgets what a host has begun, as when it begins anew or no link to it is left.
    public mutating func forget(_ host: HostID) {
        guard count > 0 else { return }
        for index in packets.indices where packets[index]?.host == host { giveUp(index) }
    }

    // MARK: Inside

    private mutating func accept(
        _ header: DataHeader, _ piece: Span<UInt8>, _ window: inout DuplicateWindow
    ) throws(FragmentRefusal) -> Outcome {
        guard header.pieceCount >= 2, Int(header.pieceCount) <= Pieces.limit else { throw .count }
        guard header.pieceIndex >= 1, header.pieceIndex <= header.pieceCount else { throw .index }
        guard !piece.isEmpty, piece.count <= LinkSizes.packetLimit else { throw .length }
        pieces &+= 1
        let position = window.position(of: header.sequence)
        let isLeftBehind = position < oldest(window) && !defects.has(.keepsLeftBehind)
        let known = index(of: header.host, position, window.life)
        if let known, isLeftBehind { giveUp(known) }
        guard !isLeftBehind else { throw .givenUp }
        var packet = known.flatMap { packets[$0] } ?? PartialPacket(header, at: position, in: window.life, defects)
        let placement = try packet.take(header, size: piece.count, at: pieces)
        if known == nil, !window.markBegun(header.sequence) { throw .givenUp }
        latest = known ?? acquire(for: header.host, window)
        if let moved = placement.moved { move(moved, in: latest) }
        copy(piece, to: latest, at: placement.offset)
        guard packet.isComplete else {
            packets[latest] = packet
            return .waiting
        }
        packets[latest] = nil
        count -= 1
        return .complete(Whole(slab: latest, length: packet.length))
    }

    /// The oldest position of which pieces are still taken.
    private func oldest(_ window: DuplicateWindow) -> Int { (window.top ?? 0) &- Reassembly.reach }

    private func index(of host: HostID, _ position: Int, _ life: UInt64) -> Int? {
        guard count > 0 else { return nil }
        if isAt(latest, host, position, life) { return latest }
        return packets.indices.first { isAt($0, host, position, life) }
    }

    private func isAt(_ index: Int, _ host: HostID, _ position: Int, _ life: UInt64) -> Bool {
        guard let packet = packets[index] else { return false }
        return packet.host == host && packet.position == position && (packet.life == life || defects.has(.mixesLives))
    }

    /// A free place, after those that the host has left behind have been given up, and another has given way if there is
    /// none.
    private mutating func acquire(for host: HostID, _ window: DuplicateWindow) -> Int {
        var free: Int?
        var ofHost = 0
        var unused: (all: Int?, host: Int?)
        for index in packets.indices {
            if let packet = packets[index], packet.host == host,
                packet.position < oldest(window) && !defects.has(.keepsLeftBehind)
                    || packet.life != window.life && !defects.has(.mixesLives)
            {
                giveUp(index)
            }
            guard let packet = packets[index] else {
                free = free ?? index
                continue
            }
            unused.all = longerUnused(index, unused.all)
            guard packet.host == host else { continue }
            ofHost += 1
            unused.host = longerUnused(index, unused.host)
        }
        let hostLimit = defects.has(.keepsLeftBehind) ? Reassembly.limit : Reassembly.hostLimit
        let gives = ofHost >= hostLimit ? unused.host : free == nil ? unused.all : nil
        if let gives { giveUp(gives) }
        let place = gives ?? free ?? 0
        count += 1
        let missing = start(of: place + 1) - slabs.count
        if missing > 0 { slabs.append(contentsOf: repeatElement(0, count: missing)) }
        return place
    }

    private func longerUnused(_ a: Int, _ b: Int?) -> Int {
        guard let b else { return a }
        return (packets[a]?.lastUse ?? 0) < (packets[b]?.lastUse ?? 0) ? a : b
    }

    private mutating func giveUp(_ index: Int) {
        packets[index] = nil
        count -= 1
        givenUp &+= 1
    }

    private func start(of slab: Int) -> Int { slab * LinkSizes.packetLimit }

    private mutating func copy(_ piece: Span<UInt8>, to slab: Int, at offset: Int) {
        let start = start(of: slab) + offset
        var bytes = slabs.mutableSpan
        var place = bytes._mutatingExtracting(start..<(start + piece.count))
        for index in piece.indices { place[index] = piece[index] }
    }

    /// Moves bytes towards the beginning of a slab.
    private mutating func move(_ range: (from: Int, to: Int, count: Int), in slab: Int) {
        let start = start(of: slab)
        var bytes = slabs.mutableSpan
        for index in 0..<range.count { bytes[start + range.to + index] = bytes[start + range.from + index] }
    }
}
