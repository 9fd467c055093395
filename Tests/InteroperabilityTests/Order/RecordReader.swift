import ClusterLab

/// Reads what `Clients/order.c` writes.
enum RecordReader {
    private static let size = 40

    private enum Kind: UInt32 {
        case life = 1
        case delivery, ring, member, change, address, gone, end, refused
    }

    private enum Flag {
        static let short: UInt32 = 1
        static let altered: UInt32 = 2
        static let last: UInt32 = 4
    }

    private struct Record {
        var kind: Kind?
        var node: UInt32
        var process: UInt32
        var life: UInt32
        var number: UInt64
        var length: UInt32
        var flags: UInt32
        var digest: UInt64
    }

    private static func record(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Record {
        func word(_ at: Int) -> UInt32 { bytes.loadUnaligned(fromByteOffset: index * size + at, as: UInt32.self) }
        func long(_ at: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: index * size + at, as: UInt64.self) }
        return Record(
            kind: Kind(rawValue: word(0)), node: word(4), process: word(8), life: word(12), number: long(16),
            length: word(24),
            flags: word(28), digest: long(32))
    }

    /// The lives in a file, oldest first.
    static func lives(in file: [UInt8]) throws -> [Life] {
        var lives: [Life] = []
        try file.withUnsafeBytes { bytes in
            var index = 0
            let count = bytes.count / size
            func next() throws -> Record {
                guard index < count else { throw LabError.unreadable("a record file that ends too early") }
                defer { index += 1 }
                return record(bytes, index)
            }
            while index < count {
                let record = try next()
                if record.kind == .life {
                    let process = GroupProcess(node: record.node, number: record.process)
                    lives.append(Life(number: record.life, process: process))
                    continue
                }
                guard var life = lives.popLast() else { throw LabError.unreadable("records before a life") }
                switch record.kind {
                case .delivery: life.entries.append(Life.Entry(event: .delivery(delivery(record))))
                case .ring:
                    let members = try (0..<record.length).map { _ in try next().node }
                    let ring = Event.ring(RingName(record.node, record.number), members: members)
                    life.entries.append(Life.Entry(event: ring, accepted: record.digest))
                case .change:
                    var change = GroupChange()
                    for _ in 0..<record.length {
                        let address = try next()
                        let process = GroupProcess(node: address.node, number: address.process)
                        let move = GroupChange.Move(process: process, reason: address.life)
                        switch address.flags {
                        case 0: change.members.append(process)
                        case 1: change.left.append(move)
                        default: change.joined.append(move)
                        }
                    }
                    life.entries.append(Life.Entry(event: .change(change), accepted: record.number))
                case .gone: life.accepted = record.number
                case .end:
                    life.accepted = record.number
                    life.ending = .closed
                case .refused: life.refusals.append(record.digest)
                case .life, .member, .address, nil: throw LabError.unreadable("a record out of its place")
                }
                lives.append(life)
            }
        }
        for index in lives.indices { nameShortMessages(in: &lives[index]) }
        return lives
    }

    private static func delivery(_ record: Record) -> Delivery {
        let sender = GroupProcess(node: record.node, number: record.process)
        let isShort = record.flags & Flag.short != 0
        return Delivery(
            sender: sender, name: isShort ? nil : MessageName(sender: sender, life: record.life, number: record.number),
            lowByte: UInt8(truncatingIfNeeded: record.number), length: record.length, digest: record.digest,
            isIntact: record.flags & Flag.altered == 0, isLast: record.flags & Flag.last != 0)
    }

    /// A message of a few bytes says only the low byte of its number; the ones before it and behind it from the same
    /// sender tell the rest. Where a ring lies between, in which the sender may have begun a new life, both must say the
    /// same. Numbers they cannot continue are left unnamed and not guessed.
    static func nameShortMessages(in life: inout Life) {
        let behind = neighbours(in: life, from: 1)
        let ahead = neighbours(in: life, from: -1)
        for index in life.entries.indices {
            guard case .delivery(var delivery) = life.entries[index].event, delivery.name == nil else { continue }
            let candidates = [behind[index], ahead[index]].compactMap { $0 }
                .filter { UInt8(truncatingIfNeeded: $0.name.number) == delivery.lowByte }
            let agreed = candidates.count == 2 && candidates[0].name == candidates[1].name
            delivery.name = candidates.first { agreed || !$0.isAcrossRings }?.name
            life.entries[index].event = .delivery(delivery)
        }
    }

    /// What a message without a name would be called after its sender's nearest one on one side.
    private struct Candidate {
        let name: MessageName
        /// The two lie in different rings.
        let isAcrossRings: Bool
    }

    /// By entry, for those without a name.
    ///
    /// - Parameter step: 1 for the neighbour before, -1 for the one behind.
    private static func neighbours(in life: Life, from step: Int) -> [Int: Candidate] {
        var result: [Int: Candidate] = [:]
        var last: [GroupProcess: (name: MessageName, ring: Int, distance: UInt64)] = [:]
        var ring = 0
        for index in step > 0 ? Array(life.entries.indices) : life.entries.indices.reversed() {
            guard case .delivery(let delivery) = life.entries[index].event else {
                ring += 1
                continue
            }
            if let name = delivery.name {
                last[delivery.sender] = (name, ring, 0)
            } else if var known = last[delivery.sender] {
                known.distance += 1
                last[delivery.sender] = known
                let number = step > 0 ? known.name.number &+ known.distance : known.name.number &- known.distance
                result[index] = Candidate(
                    name: MessageName(sender: delivery.sender, life: known.name.life, number: number),
                    isAcrossRings: known.ring != ring)
            }
        }
        return result
    }
}
