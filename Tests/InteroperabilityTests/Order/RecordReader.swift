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

    /// A message of a few bytes says only the low byte of its number; the one before it or behind it from the same
    /// sender tells the rest. Numbers it cannot continue are left unnamed and not guessed.
    static func nameShortMessages(in life: inout Life) {
        for direction in [1, -1] {
            var neighbours: [GroupProcess: MessageName] = [:]
            let indices = direction > 0 ? Array(life.entries.indices) : life.entries.indices.reversed()
            for index in indices {
                guard case .delivery(var delivery) = life.entries[index].event else { continue }
                if delivery.name == nil, let neighbour = neighbours[delivery.sender] {
                    let number = direction > 0 ? neighbour.number + 1 : neighbour.number &- 1
                    if UInt8(truncatingIfNeeded: number) == delivery.lowByte {
                        delivery.name = MessageName(sender: delivery.sender, life: neighbour.life, number: number)
                        life.entries[index].event = .delivery(delivery)
                    }
                }
                neighbours[delivery.sender] = delivery.name
            }
        }
    }
}
