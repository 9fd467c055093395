/// What one node's links can have made of another node's packets, told by who really sent what when: the oracle of the
/// duplicate window.
///
/// It knows each packet's life and number, where the window sees 16 bits, and is silent wherever the protocol does not
/// promise anything.
struct Acquaintance: Sendable {
    enum Expectation: Sendable, Equatable {
        case deliver
        case refuse(LinksInvariant)
        case either
    }

    /// Numbers of which it is known exactly whether they were delivered.
    private static let window: UInt64 = 4096
    private static let reach: UInt64 = 32_000
    /// Numbers behind the window in a row, each higher than the last, after which they are followed.
    private static let persistence = 8

    /// The sender's process whose packets were delivered last; nil when nothing has to be known of the host.
    private(set) var life: Int?
    private var top: UInt64 = 0
    private var delivered = NumberSet()
    /// What was delivered before the machine may have forgotten it.
    private var unsettled = NumberSet()
    private var lastBehind: UInt64 = 0
    private var behindCount = 0
    /// A ping with number 0, or one that lies behind, has come since the last one with the number that the host has reached.
    private var isRestartPending = false
    private var lastCounting: UInt64 = 0

    /// Whether nothing but this packet's arrival is needed to know what the machine knows.
    private var isBlank = true

    /// The machine has forgotten the host, for certain or perhaps.
    mutating func forget(isCertain: Bool) {
        if isCertain {
            top = 0
            unsettled = NumberSet()
        } else {
            unsettled.formUnion(delivered)
        }
        isBlank = isCertain
        life = nil
        delivered = NumberSet()
        behindCount = 0
    }

    /// A ping of the host, or a recorded one, has come.
    ///
    /// - Parameter interval: nanoseconds between two of them.
    mutating func heard(_ ping: PacketOrigin, isReplayed: Bool, interval: UInt64, now: UInt64) {
        if !isReplayed, ping.life == life, ping.number > 0, ping.number >= top {
            lastCounting = now
            isRestartPending = false
        } else {
            isRestartPending = true
        }
        if life == ping.life, ping.number >= top + Self.window { top = ping.number }
        // Whoever has not been heard for so long may be taken for begun anew.
        if isRestartPending, now - min(lastCounting, now) > interval { forget(isCertain: false) }
    }

    /// What is to come of a data packet of which this is all or a piece.
    ///
    /// - Parameter isSettled: the host has begun anew long enough ago that this has been noticed.
    mutating func expect(_ packet: PacketOrigin, isReplayed: Bool, isSettled: Bool, now: UInt64) -> Expectation {
        guard let life else {
            if isBlank, isSettled { (self.life, top) = (packet.life, packet.number) }
            return .either
        }
        guard packet.life == life else {
            if packet.life < life { return isReplayed ? .either : .refuse(.life) }
            return isSettled ? .deliver : .either
        }
        let isBehind = packet.number + Self.window <= top
        // Of two readings of a number of 16 bits the window takes the nearer one.
        if packet.number > top + Self.reach { forget(isCertain: false) }
        if packet.number > top {
            top = packet.number
            lastCounting = now
            isRestartPending = false
        }
        guard isSettled, self.life != nil, !unsettled.contains(packet.number) else { return .either }
        guard isBehind else {
            behindCount = 0
            return delivered.contains(packet.number) ? .refuse(.once) : .deliver
        }
        if behindCount > 0, packet.number == lastBehind { return .refuse(.once) }
        behindCount = behindCount > 0 && packet.number > lastBehind ? behindCount + 1 : 1
        lastBehind = packet.number
        return behindCount >= Self.persistence ? .either : .refuse(.once)
    }

    mutating func noteDelivered(_ packet: PacketOrigin, isSettled: Bool) {
        guard life != nil || isBlank || packet.number >= top else { return unsettled.insert(packet.number) }
        if life != packet.life || packet.number + Self.window <= top {
            let doubtful = life == nil ? unsettled : NumberSet()
            forget(isCertain: true)
            unsettled = doubtful
            life = packet.life
            top = packet.number
        }
        if isSettled { delivered.insert(packet.number) } else { unsettled.insert(packet.number) }
    }
}

/// Some of the numbers from 0 on.
struct NumberSet: Sendable {
    private var words: [UInt64] = []

    func contains(_ number: UInt64) -> Bool {
        let word = Int(number >> 6)
        return word < words.count && words[word] & 1 << (number & 63) != 0
    }

    mutating func formUnion(_ other: NumberSet) {
        if other.words.count > words.count { words += [UInt64](repeating: 0, count: other.words.count - words.count) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    mutating func insert(_ number: UInt64) {
        let word = Int(number >> 6)
        if word >= words.count { words += [UInt64](repeating: 0, count: word + 1 - words.count) }
        words[word] |= 1 << (number & 63)
    }
}

/// Who made a datagram, and what it is, whatever the network has done to it since.
struct PacketOrigin: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case data, ping, pong, probe, probeReply
    }

    var kind: Kind
    /// The sender's place, and which of its processes.
    var sender: Int
    var life: Int
    /// The link that it was first sent by.
    var link = 0
    /// Of data: how many packets the process had sent with it. Of pings: how many it had sent before. Of probes and
    /// replies: the size they are about.
    var number: UInt64 = 0
    /// A packet in one datagram.
    var isWhole = true
    /// Where it goes; nil for everybody.
    var receiver: Int?
    var isSealed = false
}
