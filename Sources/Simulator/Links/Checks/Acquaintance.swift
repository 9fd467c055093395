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
    /// Numbers that follow each other round.
    private static let round: UInt64 = 65_535
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

    /// What has come of a process before it was settled that it is another one, and which process that is. The machine may have
    /// taken it for what the process before had sent, and does so again, should it come again.
    private var early = NumberSet()
    /// The host has sent more than half a round of numbers unheard. Until when the machine need not know how far it has got, and
    /// up to which number what it sends looks like what has come.
    private var lostUntil: UInt64 = 0
    private var lostThrough: UInt64 = 0
    private var earlyLife = -1

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

    /// Whether the machine cannot know how far the host has got, which is a number.
    func hasLostCount(of number: UInt64, now: UInt64) -> Bool {
        now < lostUntil || life != nil && number > top + Self.reach
    }

    /// Whether a number looks like one that has come, a whole round before.
    func looksOld(_ number: UInt64) -> Bool { number <= lostThrough }

    /// A number comes that is farther ahead than can be told.
    private mutating func loseCount(_ number: UInt64, belief: UInt64, now: UInt64) {
        let ahead = (number - top) % Self.round
        forget(isCertain: false)
        if ahead > Self.round - Self.window {
            lostThrough = number + Self.window
        } else if ahead > Self.reach {
            lostUntil = now + belief
        }
    }

    /// A ping of the host, or a recorded one, has come.
    ///
    /// - Parameters:
    ///   - interval: nanoseconds between two of them.
    ///   - belief: nanoseconds within which the machine follows a host whose numbers make no sense.
    mutating func heard(_ ping: PacketOrigin, isReplayed: Bool, interval: UInt64, belief: UInt64, now: UInt64) {
        if life == ping.life, ping.number > top + Self.reach { loseCount(ping.number, belief: belief, now: now) }
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
    /// - Parameters:
    ///   - isSettled: the host has begun anew long enough ago that this has been noticed.
    ///   - belief: as above.
    mutating func expect(
        _ packet: PacketOrigin, isReplayed: Bool, isSettled: Bool, belief: UInt64, now: UInt64
    ) -> Expectation {
        if !isSettled { noteEarly(packet) }
        let isEarly = packet.life == earlyLife && early.contains(packet.number)
        if life == packet.life, packet.number > top + Self.reach { loseCount(packet.number, belief: belief, now: now) }
        let expectation = expectSettled(packet, isReplayed: isReplayed, isSettled: isSettled, now: now)
        let isUncertain = isEarly || now < lostUntil || looksOld(packet.number)
        return isUncertain && expectation == .deliver ? .either : expectation
    }

    private mutating func noteEarly(_ packet: PacketOrigin) {
        if packet.life > earlyLife { (earlyLife, early) = (packet.life, NumberSet()) }
        if packet.life == earlyLife { early.insert(packet.number) }
    }

    private mutating func expectSettled(
        _ packet: PacketOrigin, isReplayed: Bool, isSettled: Bool, now: UInt64
    ) -> Expectation {
        guard let life else {
            if isBlank, isSettled { (self.life, top) = (packet.life, packet.number) }
            return .either
        }
        guard packet.life == life else {
            if packet.life < life { return isReplayed ? .either : .refuse(.life) }
            return isSettled ? .deliver : .either
        }
        let isBehind = packet.number + Self.window <= top
        if packet.number > top {
            top = packet.number
            lastCounting = now
            isRestartPending = false
        }
        let expectation = isBehind ? expectBehind(packet.number) : expectInside(packet.number)
        return isSettled && !unsettled.contains(packet.number) ? expectation : .either
    }

    private mutating func expectInside(_ number: UInt64) -> Expectation {
        guard !delivered.contains(number) else { return .refuse(.once) }
        behindCount = 0
        return .deliver
    }

    /// The machine counts what lies behind, whatever is known of the host.
    private mutating func expectBehind(_ number: UInt64) -> Expectation {
        if behindCount > 0, number == lastBehind { return .refuse(.once) }
        behindCount = behindCount > 0 && number > lastBehind ? behindCount + 1 : 1
        lastBehind = number
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
