import Basics

/// What has come of one host's data packets, whatever link they came by, so that none is delivered twice (spec: knet.md
/// 5).
///
/// A host counts its packets with 16 bits and leaves 0 out, so that 65535 numbers follow each other round. Here a number is
/// extended to a *position* that only grows while the host counts on; of two readings the one that is nearer to the newest
/// counts. Of the last 4096 positions it is known exactly which were delivered. What peers rely on in libknet's window,
/// which moves in steps, they get here too: any newer packet is taken, any of the last 4095 before the newest that has not
/// been delivered, and a host that begins anew is heard.
public struct DuplicateWindow: Sendable {
    /// What to do with a number that lies behind the window.
    public enum BehindRule: Sendable {
        /// It begins anew, as with libknet: everything is forgotten. For a host of which nothing better is known.
        case follow
        /// It is refused, as a recorded packet that is sent again. For a host that is known to be in the life that the
        /// window has seen. So that nothing can set the window apart for good, a host that goes on counting behind it
        /// is followed in the end.
        case refuse
    }

    public enum Verdict: Sendable, Hashable {
        /// Not delivered before.
        case fresh
        case duplicate
        /// Refused because it lies behind the window.
        case behind
    }

    /// What a ping said about the host's life.
    public enum PingEffect: Sendable, Hashable {
        case none
        /// The host begins anew: the window has forgotten everything, and so has everything else to.
        case restarted
        /// The same was said, and not believed.
        case restartDoubted
    }

    /// Numbers that follow each other before they come again.
    private static let cycle = 65_535
    /// Packets with ever higher numbers behind the window, with none inside in between, after which they are followed.
    static let persistence = 8

    /// The newest position; nil while nothing has come.
    public private(set) var top: Int?
    /// How often the window has forgotten everything: positions of two lives have nothing to do with each other.
    private(set) var life: UInt64 = 0
    /// Its number on the wire.
    private var topSequence: UInt16 = 0
    private var delivered = SequenceFlags()
    /// Of which pieces have come.
    private var begun = SequenceFlags()
    /// The first position of the host's life, where its beginning was heard.
    private var floor = Int.min
    /// The last timed ping's number.
    private var lastTimed: UInt16 = 0
    /// The last number refused for being behind, and how many in a row there were.
    private var lastBehind: UInt16 = 0
    private var behindCount = 0
    var defects = Planted<LinkDefect>()

    public init() {}

    // MARK: Data

    /// Says whether a packet may be delivered, and moves the window along. Ask it for each piece of a packet too.
    public mutating func judge(_ sequence: UInt16, behind rule: BehindRule) -> Verdict {
        guard let top else {
            begin(at: sequence)
            return .fresh
        }
        let distance =
            defects.has(.countsWithoutWrap)
            ? Int(sequence) - Int(topSequence) : Self.distance(from: topSequence, to: sequence)
        if distance > 0 {
            advance(by: distance, to: sequence)
        } else if distance <= -SequenceFlags.count || top &+ distance < floor {
            guard rule == .follow || persists(sequence) else { return .behind }
            forget()
            begin(at: sequence)
            return .fresh
        } else if delivered[top &+ distance] || defects.has(.refusesOvertaken) && distance < 0 {
            return .duplicate
        }
        behindCount = 0
        return .fresh
    }

    /// Notes that a packet judged fresh has been delivered. Packets for other nodes are never noted: they may come any
    /// number of times.
    public mutating func markDelivered(_ sequence: UInt16) {
        guard let position = trackedPosition(of: sequence) else { return }
        delivered[position] = true
    }

    /// Forgets everything, as when no link to the host is left.
    public mutating func forget() {
        top = nil
        topSequence = 0
        floor = .min
        delivered.clearAll()
        begun.clearAll()
        behindCount = 0
        life &+= 1
    }

    // MARK: Pieces

    /// The position of a number that has been judged, which tells packets with the same number apart.
    func position(of sequence: UInt16) -> Int {
        guard let top else { return Int(sequence) }
        return top &+ Self.distance(from: topSequence, to: sequence)
    }

    /// Notes that pieces of a packet have come; false when that was so before.
    mutating func markBegun(_ sequence: UInt16) -> Bool {
        guard let position = trackedPosition(of: sequence), !begun[position] else { return false }
        begun[position] = true
        return true
    }

    // MARK: Pings

    /// Takes what a ping says of the host's counter.
    ///
    /// A host's first pings bear 0, which later ones never do. A recorded one does too, hence `honoursRestart`: whether
    /// the host can have begun anew, because it has no usable link, or has shown that it is there since. A doubted restart
    /// is asked again with the host's next ping.
    public mutating func hear(_ ping: Ping, honoursRestart: Bool) -> PingEffect {
        // A life that ended before its second ping has left nothing but data behind.
        let hasCounted = lastTimed != 0 || (top ?? 0) != 0
        if !ping.isForced, hasCounted, ping.sequence == 0 {
            guard honoursRestart else { return .restartDoubted }
            lastTimed = 0
            forget()
            // What comes next is 1, and nothing comes before it.
            top = 0
            floor = 1
            return .restarted
        }
        if !ping.isForced { lastTimed = ping.sequence }
        // Who only overhears a host's packets for others would fall behind its counter.
        if top != nil, ping.sequence != 0 {
            let distance = Self.distance(from: topSequence, to: ping.sequence)
            if distance >= SequenceFlags.count { advance(by: distance, to: ping.sequence) }
        }
        return .none
    }

    /// The host has begun anew, and its beginning was missed: it has got as far as a ping says.
    mutating func restart(at sequence: UInt16) {
        lastTimed = sequence
        forget()
        top = 0
        floor = 1
        // What is nearer may still be on its way, by another link. A number that is farther must not be read as one of before
        // the beginning.
        if sequence >= SequenceFlags.count { advance(by: Int(sequence), to: sequence) }
    }

    // MARK: Inside

    /// How many numbers lie between two, negative when `new` is the older: the nearer reading of both, −32767...32767.
    private static func distance(from old: UInt16, to new: UInt16) -> Int {
        let difference = Int(new) - Int(old)
        if difference > cycle / 2 { return difference - cycle }
        if difference < -(cycle / 2) { return difference + cycle }
        return difference
    }

    /// The position of a number of which it is known whether it was delivered.
    private func trackedPosition(of sequence: UInt16) -> Int? {
        guard let top else { return nil }
        let distance = Self.distance(from: topSequence, to: sequence)
        guard distance <= 0, distance > -SequenceFlags.count, top &+ distance >= floor else { return nil }
        return top &+ distance
    }

    private mutating func begin(at sequence: UInt16) {
        top = Int(sequence)
        topSequence = sequence
    }

    private mutating func advance(by distance: Int, to sequence: UInt16) {
        guard let old = top else { return }
        if !defects.has(.keepsFlags) { delivered.clear(from: old &+ 1, count: distance) }
        begun.clear(from: old &+ 1, count: distance)
        top = old &+ distance
        topSequence = sequence
        behindCount = 0
    }

    /// Whether the host has gone on counting behind the window for so long that it must be there.
    private mutating func persists(_ sequence: UInt16) -> Bool {
        let step = Self.distance(from: lastBehind, to: sequence)
        if behindCount > 0, step == 0 { return false }
        behindCount = behindCount > 0 && step > 0 && step < SequenceFlags.count ? behindCount + 1 : 1
        lastBehind = sequence
        return behindCount >= Self.persistence
    }
}
