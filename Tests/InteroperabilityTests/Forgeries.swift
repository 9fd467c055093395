/// What the tokens of a ring said when they were last seen; a forger that listens knows as much.
struct RingState: Sendable {
    var representative: UInt32
    var ringSequence: UInt64
    var messageSequence: UInt32
    var tokenSequence: UInt32

    /// Reads it from a captured token in little-endian order.
    init?(token: [UInt8]) {
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(token[at + $1]) << (8 * UInt32($1)) } }
        guard token.count >= 57, token[0] == 0x70, token[3] == 0 else { return nil }
        representative = word(29)
        ringSequence = UInt64(word(33)) | UInt64(word(37)) << 32
        messageSequence = word(13)
        tokenSequence = word(17)
    }
}

/// A packet no honest engine sends now, and what may become of it.
struct Forgery: Sendable {
    enum Effect {
        /// Nothing may change: the packet is not valid, whoever sent it.
        case nothing
        /// The packet is well formed and claims to be a member's. The ring may gather for it, but all its members must
        /// find each other again.
        case mayGather
    }

    let name: String
    let effect: Effect
    let bytes: [UInt8]
    /// How far the ring sequence may jump: what it says could be true of a ring that has lived for long.
    var plausibleJump: UInt64 = 0
}

/// Writes the fields of a packet.
private struct Draft {
    var bytes: [UInt8]
    let little: Bool

    init(
        type: UInt8, from node: UInt32, magic: UInt16 = 0xc070, version: UInt8 = 3, encapsulated: UInt8 = 0,
        little: Bool = true
    ) {
        self.little = little
        bytes = []
        add(magic)
        bytes += [version, type, encapsulated]
        add(node)
        add(UInt32(0))
    }

    mutating func add<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: little ? number.littleEndian : number.bigEndian) { bytes += Array($0) }
    }

    mutating func add(ring: UInt32, _ sequence: UInt64) {
        add(ring)
        add(sequence)
    }

    mutating func fill(_ count: Int, _ byte: UInt8 = 0x41) { bytes += [UInt8](repeating: byte, count: count) }
}

/// Every forged packet, for a ring in the given state. `member` is a node id of the ring, `stranger` is not.
func forgeries(_ ring: RingState, member: UInt32, stranger: UInt32) -> [Forgery] {
    headers(member) + tokens(ring, member) + messages(ring, member, stranger) + joins(ring, member, stranger)
        + others(ring, member, stranger) + noise()
}

private func headers(_ member: UInt32) -> [Forgery] {
    var list = [Forgery(name: "empty datagram", effect: .nothing, bytes: [])]
    for count in [1, 2, 4, 12] {
        let draft = Draft(type: 0, from: member)
        list.append(
            Forgery(name: "header of \(count) bytes", effect: .nothing, bytes: Array(draft.bytes.prefix(count))))
    }
    for magic: UInt16 in [0x0000, 0xffff, 0xfefe, 0x0001, 0xc071] {
        var draft = Draft(type: 3, from: member, magic: magic)
        draft.fill(60, 0)
        list.append(Forgery(name: "magic \(String(magic, radix: 16))", effect: .nothing, bytes: draft.bytes))
    }
    for version: UInt8 in [0, 2, 4, 255] {
        var draft = Draft(type: 3, from: member, version: version)
        draft.fill(60, 0)
        list.append(Forgery(name: "version \(version)", effect: .nothing, bytes: draft.bytes))
    }
    for type: UInt8 in [6, 7, 127, 128, 255] {
        var draft = Draft(type: type, from: member)
        draft.fill(60, 0)
        list.append(Forgery(name: "type \(type)", effect: .nothing, bytes: draft.bytes))
    }
    for type: UInt8 in 0...5 {
        list.append(
            Forgery(name: "type \(type), header only", effect: .nothing, bytes: Draft(type: type, from: member).bytes))
    }
    return list
}

private func tokens(_ ring: RingState, _ member: UInt32) -> [Forgery] {
    func token(
        seq: UInt32, tokenSeq: UInt32, aru: UInt32, entries: Int32, listed: Int = 0, little: Bool = true,
        backlog: UInt32 = 0, flowControl: UInt32 = 0
    ) -> [UInt8] {
        var draft = Draft(type: 0, from: member, little: little)
        draft.add(seq)
        draft.add(tokenSeq)
        draft.add(aru)
        draft.add(UInt32(0))
        draft.add(ring: ring.representative, ring.ringSequence)
        draft.add(backlog)
        draft.add(flowControl)
        draft.add(Int32(0))
        draft.add(entries)
        for index in 0..<listed {
            draft.add(ring: ring.representative, ring.ringSequence)
            draft.add(UInt32(index + 1))
        }
        return draft.bytes
    }
    let seq = ring.messageSequence
    // Far enough ahead to be taken for new, were it not for what else is wrong with it.
    let next = ring.tokenSequence &+ 100_000
    var list: [Forgery] = []
    for count: Int32 in [31, 1000, 65536, .max, -1, -2, -3, -4, .min] {
        for little in [true, false] {
            list.append(
                Forgery(
                    name: "token that counts \(count) retransmissions\(little ? "" : ", big-endian")", effect: .nothing,
                    bytes: token(seq: seq, tokenSeq: next, aru: seq, entries: count, little: little)))
        }
    }
    for listed in [31, 90, 4000] {
        for little in [true, false] {
            list.append(
                Forgery(
                    name: "token with \(listed) retransmissions listed\(little ? "" : ", big-endian")",
                    effect: .nothing,
                    bytes: token(
                        seq: seq, tokenSeq: next, aru: seq, entries: Int32(listed), listed: listed, little: little)))
        }
    }
    list.append(
        Forgery(
            name: "token shorter than its list", effect: .nothing,
            bytes: Array(token(seq: seq, tokenSeq: next, aru: seq, entries: 30, listed: 30).dropLast())))
    for (name, far) in [
        ("ffffffff", UInt32.max), ("half the space ahead", seq &+ 0x8000_0000), ("16384 ahead", seq &+ 16384),
    ] {
        list.append(
            Forgery(
                name: "token with seq \(name)", effect: .mayGather,
                bytes: token(seq: far, tokenSeq: ring.tokenSequence &+ 50, aru: seq, entries: 0)))
    }
    list.append(
        Forgery(
            name: "token with aru beyond seq", effect: .mayGather,
            bytes: token(seq: seq, tokenSeq: ring.tokenSequence &+ 60, aru: seq &+ 10000, entries: 0)))
    list.append(
        Forgery(
            name: "token with absurd backlog and flow control", effect: .mayGather,
            bytes: token(
                seq: seq, tokenSeq: ring.tokenSequence &+ 70, aru: seq, entries: 0, backlog: .max, flowControl: .max)))
    return list
}

private func messages(_ ring: RingState, _ member: UInt32, _ stranger: UInt32) -> [Forgery] {
    func message(
        from node: UInt32, seq: UInt32, encapsulated: UInt8 = 2, ringSequence: UInt64? = nil, payload: [UInt8]
    ) -> [UInt8] {
        var draft = Draft(type: 1, from: node, encapsulated: encapsulated)
        draft.add(node)
        draft.add(seq)
        draft.add(Int32(7))
        draft.add(ring: ring.representative, ringSequence ?? ring.ringSequence)
        draft.add(UInt32(0))
        draft.add(Int32(0))
        return draft.bytes + payload
    }
    let next = ring.messageSequence &+ 1
    let garbage = [UInt8](repeating: 0xff, count: 200)
    return [
        Forgery(
            name: "message cut in its header", effect: .nothing,
            bytes: Array(message(from: member, seq: next, payload: []).dropLast())),
        Forgery(
            name: "message at seq + 1 from a forger", effect: .mayGather,
            bytes: message(from: member, seq: next, payload: garbage)),
        Forgery(
            name: "message at seq + 1 without content", effect: .mayGather,
            bytes: message(from: member, seq: next, payload: [])),
        Forgery(
            name: "message with seq ffffffff", effect: .mayGather,
            bytes: message(from: member, seq: .max, payload: garbage)),
        Forgery(
            name: "message of a stranger", effect: .mayGather,
            bytes: message(from: stranger, seq: next, payload: garbage)),
        Forgery(
            name: "message of node 0", effect: .mayGather, bytes: message(from: 0, seq: next, payload: garbage)),
        Forgery(
            name: "message of another ring", effect: .mayGather,
            bytes: message(from: member, seq: 1, ringSequence: ring.ringSequence + 400, payload: garbage)),
        Forgery(
            name: "recovery message with nothing inside", effect: .mayGather,
            bytes: message(from: member, seq: next, encapsulated: 1, payload: [])),
        Forgery(
            name: "recovery message with a cut message inside", effect: .mayGather,
            bytes: message(from: member, seq: next, encapsulated: 1, payload: Draft(type: 1, from: member).bytes)),
        Forgery(
            name: "message of unknown encapsulation", effect: .mayGather,
            bytes: message(from: member, seq: next, encapsulated: 77, payload: garbage)),
        Forgery(
            name: "message of 65507 bytes", effect: .mayGather,
            bytes: message(from: member, seq: next, payload: [UInt8](repeating: 0, count: 65507 - 45))),
    ]
}

/// Messages to the services that only the victim itself could send: that it leaves, has no votes, reads its configuration.
func ordersInTheirOwnName(_ ring: RingState, victim: UInt32) -> [Forgery] {
    func order(_ name: String, _ service: UInt32, _ function: UInt32, at place: UInt32, _ body: [UInt8]) -> Forgery {
        var message = Draft(type: 1, from: victim, encapsulated: 2)
        message.add(victim)
        message.add(ring.messageSequence &+ place)
        message.add(Int32(7))
        message.add(ring: ring.representative, ring.ringSequence)
        message.add(UInt32(0))
        message.add(Int32(0))
        // One part, whole: a message to the group of the services.
        message.fill(6, 0)
        message.add(UInt16(1))
        message.add(UInt16(5 + 16 + body.count))
        message.bytes += [1, 0, 1, 0, 0x61]
        message.add(service << 16 | function)
        message.fill(4, 0)
        message.add(UInt32(16 + body.count))
        message.fill(4, 0)
        return Forgery(name: name, effect: .mayGather, bytes: message.bytes + body)
    }
    let none = [UInt8](repeating: 0, count: 16)
    return [
        order("shutdown in the victim's name", 1, 2, at: 1, []),
        order("no votes in the victim's name", 5, 0, at: 2, [UInt8(victim), 0, 0, 0] + none),
        order("reload in the victim's name", 1, 3, at: 3, none),
    ]
}

private func joins(_ ring: RingState, _ member: UInt32, _ stranger: UInt32) -> [Forgery] {
    func join(
        from node: UInt32, header: UInt32? = nil, processors: [UInt32], failed: [UInt32] = [],
        counts: (UInt32, UInt32)? = nil,
        ringSequence: UInt64? = nil
    ) -> [UInt8] {
        var draft = Draft(type: 3, from: header ?? node)
        draft.add(node)
        draft.add(counts?.0 ?? UInt32(processors.count))
        draft.add(counts?.1 ?? UInt32(failed.count))
        draft.add(ringSequence ?? ring.ringSequence)
        for id in processors + failed { draft.add(id) }
        return draft.bytes
    }
    var list: [Forgery] = []
    for counts: (UInt32, UInt32) in [
        (4, 0), (0, 4), (385, 0), (0, 385), (.max, 1), (1, .max), (.max, .max), (0x8000_0000, 0x8000_0000),
        (0x4000_0000, 0),
    ] {
        list.append(
            Forgery(
                name: "join that counts \(counts.0) and \(counts.1)", effect: .nothing,
                bytes: join(from: member, processors: [1, 2, 3], counts: counts)))
    }
    list.append(
        Forgery(
            name: "join of 385 nodes", effect: .nothing, bytes: join(from: member, processors: Array(1...385))))
    list.append(
        Forgery(
            name: "join of 384 strangers, and as many failed", effect: .mayGather,
            bytes: join(from: member, processors: Array(1000..<1384), failed: Array(2000..<2384))))
    list.append(
        Forgery(
            name: "join naming one node twice", effect: .mayGather,
            bytes: join(from: member, processors: [1, 2, 3, member, member, 3])))
    list.append(
        Forgery(
            name: "join naming node 0", effect: .mayGather, bytes: join(from: member, processors: [0, 1, 2, 3])))
    list.append(
        Forgery(
            name: "join of a stranger", effect: .mayGather,
            bytes: join(from: stranger, processors: [stranger])))
    list.append(
        Forgery(
            name: "join of node 0", effect: .mayGather, bytes: join(from: 0, header: 7, processors: [1, 2, 3])))
    list.append(
        Forgery(
            name: "leave of a stranger", effect: .mayGather,
            bytes: join(from: stranger, header: 0, processors: [1, 2, 3], failed: [stranger])))
    let jump: UInt64 = 0x1000_0000
    for huge: UInt64 in [ring.ringSequence + jump, .max - 3, .max] {
        list.append(
            Forgery(
                name: "join with ring_seq \(String(huge, radix: 16))", effect: .mayGather,
                bytes: join(from: member, processors: [1, 2, 3], ringSequence: huge),
                plausibleJump: huge == ring.ringSequence + jump ? jump : 0))
    }
    return list
}

private func others(_ ring: RingState, _ member: UInt32, _ stranger: UInt32) -> [Forgery] {
    func commit(index: Int32, entries: Int32, present: Int) -> [UInt8] {
        var draft = Draft(type: 4, from: member)
        draft.add(UInt32(1))
        draft.add(ring: ring.representative, ring.ringSequence + 4)
        draft.add(UInt32(0))
        draft.add(index)
        draft.add(entries)
        for id in 0..<present { draft.add(UInt32(id + 1)) }
        for _ in 0..<present { draft.fill(24, 0) }
        return draft.bytes
    }
    var list: [Forgery] = []
    for (index, entries, present): (Int32, Int32, Int) in [
        (0, 4, 3), (0, -1, 3), (0, .min, 3), (0, .max, 3), (0, 0x0924_9249, 3), (-1, 3, 3), (4, 3, 3), (.max, 3, 3),
        (.min, 3, 3),
        (0, 0, 0), (0, 385, 385), (1500, 2000, 2000),
    ] {
        list.append(
            Forgery(
                name: "commit token at \(index) of \(entries), \(present) there", effect: .nothing,
                bytes: commit(index: index, entries: entries, present: present)))
    }
    func short(_ type: UInt8, system: Bool, from node: UInt32, ringSequence: UInt64) -> [UInt8] {
        var draft = Draft(type: type, from: node)
        if system { draft.add(node) }
        draft.add(ring: ring.representative, ringSequence)
        return draft.bytes
    }
    list += [
        Forgery(
            name: "merge detect one byte short", effect: .nothing,
            bytes: short(2, system: true, from: member, ringSequence: ring.ringSequence).dropLast()),
        Forgery(
            name: "merge detect of a stranger's ring", effect: .mayGather,
            bytes: short(2, system: true, from: stranger, ringSequence: 0x4444)),
        Forgery(
            name: "hold cancel one byte short", effect: .nothing,
            bytes: short(5, system: false, from: member, ringSequence: ring.ringSequence).dropLast()),
        Forgery(
            name: "hold cancel of a stranger", effect: .nothing,
            bytes: short(5, system: false, from: stranger, ringSequence: ring.ringSequence)),
        Forgery(
            name: "hold cancel of another ring", effect: .nothing,
            bytes: short(5, system: false, from: member, ringSequence: 0x4444)),
    ]
    return list
}

/// Datagrams of bytes without sense, the same at every run.
private func noise() -> [Forgery] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func byte() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
    return [20, 57, 100, 1400, 9000, 65507].flatMap { length in
        let body = (0..<length).map { _ in byte() }
        let plain = Forgery(name: "noise of \(length) bytes", effect: .nothing, bytes: body)
        // With a whole header in front the noise gets as far as the counts.
        let typed = (UInt8(0)...5).map { type in
            Forgery(
                name: "noise of \(length) bytes as type \(type)", effect: .mayGather,
                bytes: Array((Draft(type: type, from: 2).bytes + body).prefix(65507)))
        }
        return [plain] + typed
    }
}

/// What a member would send that were in another ring, though it is in this one.
func callsOfOtherRings(_ ring: RingState, member: UInt32) -> [Forgery] {
    var merge = Draft(type: 2, from: member)
    merge.add(member)
    merge.add(ring: member, ring.ringSequence + 4000)
    var message = Draft(type: 1, from: member, encapsulated: 2)
    message.add(member)
    message.add(UInt32(1))
    message.add(Int32(7))
    message.add(ring: member, ring.ringSequence + 4000)
    message.add(UInt32(0))
    message.add(Int32(0))
    message.fill(40, 0)
    return [
        Forgery(name: "merge detect in a member's name", effect: .mayGather, bytes: merge.bytes),
        Forgery(name: "message of another ring in a member's name", effect: .mayGather, bytes: message.bytes),
    ]
}
