import Links
import Testing

struct ReassemblyTests {
    /// A node that takes pieces, each as a datagram.
    struct Receiver {
        var reassembly = Reassembly()
        var windows: [HostID: DuplicateWindow] = [:]

        enum Result: Equatable {
            case waiting
            case packet([UInt8])
            case refused(FragmentRefusal)
            case judged(DuplicateWindow.Verdict)
        }

        mutating func take(_ header: DataHeader, _ piece: [UInt8]) -> Result {
            var window = windows[header.host] ?? DuplicateWindow()
            defer { windows[header.host] = window }
            let verdict = window.judge(header.sequence, behind: .follow)
            guard verdict == .fresh else { return .judged(verdict) }
            switch reassembly.take(header, piece.span, window: &window) {
            case .waiting: return .waiting
            case .refused(let reason): return .refused(reason)
            case .complete(let whole):
                window.markDelivered(header.sequence)
                let bytes = reassembly.bytes(of: whole)
                return .packet(bytes.indices.map { bytes[$0] })
            }
        }

        mutating func take(datagram: [UInt8]) throws -> Result {
            guard case .data(let header) = try KnetPacket(decoding: datagram.span) else { return .refused(.header) }
            return take(header, Array(datagram[DataHeader.size...]))
        }
    }

    static func header(
        _ index: Int, of count: Int, _ sequence: Int, host: Int = 1, compression: UInt8 = 0, channel: Int8 = 0
    ) -> DataHeader {
        DataHeader(
            host: HostID(UInt16(host)), sequence: UInt16(sequence), compression: compression, isMulticast: true,
            pieceCount: UInt8(count), pieceIndex: UInt8(index), channel: channel)
    }

    /// Bytes of a packet that is told from every other.
    static func packet(_ length: Int, _ salt: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ salt) }
    }

    /// A packet's pieces with their headers.
    static func cut(_ packet: [UInt8], _ mtu: Int, _ sequence: Int, host: Int = 1) throws -> [(DataHeader, [UInt8])] {
        let pieces = try #require(Pieces(length: packet.count, dataMTU: mtu))
        return (0..<pieces.count).map { index in
            let number = pieces.number(index)
            return (
                header(Int(number.index), of: Int(number.count), sequence, host: host), Array(packet[pieces[index]])
            )
        }
    }

    @Test(
        "captured pieces in any order give the packet they were cut from",
        arguments: [
            ("20-", 20244), ("21-", 1670),
        ])
    func captured(_ prefix: String, _ length: Int) throws {
        let pieces = Vectors.all(prefix)
        let expected = pieces.flatMap { $0[DataHeader.size...] }
        #expect(expected.count == length)
        #expect(expected.prefix(4) == [0x70, 0xC0, 0x03, 0x01])
        var random = Numbers(seed: 1)
        var orders = [pieces, pieces.reversed()]
        for _ in 0..<20 {
            var order = pieces
            for index in order.indices.reversed() { order.swapAt(index, random.below(index + 1)) }
            orders.append(order)
        }
        for order in orders {
            var receiver = Receiver()
            for (index, datagram) in order.enumerated() {
                let result = try receiver.take(datagram: datagram)
                #expect(result == (index == order.count - 1 ? .packet(expected) : .waiting))
            }
            #expect(receiver.reassembly.count == 0)
            #expect(try receiver.take(datagram: pieces[0]) == .judged(.duplicate))
        }
    }

    @Test("whatever is cut comes together again", arguments: [1, 421, 1446])
    func cutAndJoined(_ mtu: Int) throws {
        var receiver = Receiver()
        var sequence = 0
        for length in [2, mtu + 1, 2 * mtu, 2 * mtu + 1, 254 * mtu, 65_536]
        where Pieces(length: length, dataMTU: mtu).map({ $0.count > 1 }) == true {
            sequence += 1
            let packet = Self.packet(length, sequence)
            var last: Receiver.Result?
            for (header, piece) in try Self.cut(packet, mtu, sequence).reversed() {
                last = receiver.take(header, piece)
            }
            #expect(last == .packet(packet))
        }
        #expect(sequence > 3)
    }

    @Test("a piece that comes again is dropped")
    func repeated() {
        var receiver = Receiver()
        #expect(receiver.take(Self.header(1, of: 3, 1), [1, 2]) == .waiting)
        #expect(receiver.take(Self.header(1, of: 3, 1), [9, 9]) == .refused(.repeated))
        #expect(receiver.take(Self.header(3, of: 3, 1), [5]) == .waiting)
        #expect(receiver.take(Self.header(3, of: 3, 1), [8]) == .refused(.repeated))
        #expect(receiver.take(Self.header(2, of: 3, 1), [3, 4]) == .packet([1, 2, 3, 4, 5]))
    }

    @Test(
        "count and index have to go together",
        arguments: [
            (0, 0, .count), (1, 1, .count), (1, 0, .count), (0, 2, .index), (3, 2, .index), (254, 253, .index),
            (1, 255, .count),
        ] as [(Int, Int, FragmentRefusal)])
    func numbers(_ index: Int, _ count: Int, _ reason: FragmentRefusal) {
        var receiver = Receiver()
        #expect(receiver.take(Self.header(index, of: count, 1), [1]) == .refused(reason))
        #expect(receiver.reassembly.count == 0)
    }

    @Test("all pieces have to bear the same count, compression and channel")
    func headers() {
        for other in [
            Self.header(2, of: 4, 1), Self.header(2, of: 3, 1, compression: 2), Self.header(2, of: 3, 1, channel: 1),
        ] {
            var receiver = Receiver()
            _ = receiver.take(Self.header(1, of: 3, 1), [1, 2])
            #expect(receiver.take(other, [3, 4]) == .refused(.header))
            #expect(receiver.take(Self.header(2, of: 3, 1), [3, 4]) == .waiting)
            #expect(receiver.take(Self.header(3, of: 3, 1), [5, 6]) == .packet([1, 2, 3, 4, 5, 6]))
        }
    }

    @Test("all pieces but the last have to be of one size, and the last not longer")
    func sizes() {
        for size in [1, 3] {
            var receiver = Receiver()
            _ = receiver.take(Self.header(1, of: 3, 1), [1, 2])
            #expect(receiver.take(Self.header(2, of: 3, 1), Self.packet(size, 0)) == .refused(.pieceSize))
        }
        var receiver = Receiver()
        _ = receiver.take(Self.header(1, of: 3, 1), [1, 2])
        #expect(receiver.take(Self.header(3, of: 3, 1), [1, 2, 3]) == .refused(.pieceSize))
        #expect(receiver.take(Self.header(3, of: 3, 2), [1, 2, 3]) == .waiting)
        #expect(receiver.take(Self.header(1, of: 3, 2), [1, 2]) == .refused(.pieceSize))
        #expect(receiver.take(Self.header(1, of: 3, 2), [1, 2, 3]) == .waiting)
    }

    @Test("empty pieces and packets longer than 65536 bytes are refused")
    func lengths() {
        var receiver = Receiver()
        #expect(receiver.take(Self.header(1, of: 2, 1), []) == .refused(.length))
        #expect(receiver.take(Self.header(1, of: 2, 1), Self.packet(65_537, 0)) == .refused(.length))
        #expect(receiver.take(Self.header(1, of: 2, 2), Self.packet(65_536, 0)) == .refused(.length))
        #expect(receiver.take(Self.header(2, of: 2, 3), Self.packet(65_536, 0)) == .refused(.length))
        #expect(receiver.take(Self.header(200, of: 254, 4), Self.packet(260, 0)) == .refused(.length))
        #expect(receiver.reassembly.count == 0)
        // First the last: what fits with it is known only when another comes.
        #expect(receiver.take(Self.header(3, of: 3, 5), Self.packet(20_000, 1)) == .waiting)
        #expect(receiver.take(Self.header(1, of: 3, 5), Self.packet(22_769, 2)) == .refused(.length))
        #expect(receiver.take(Self.header(1, of: 3, 5), Self.packet(22_768, 2)) == .waiting)
        #expect(
            receiver.take(Self.header(2, of: 3, 5), Self.packet(22_768, 3))
                == .packet(Self.packet(22_768, 2) + Self.packet(22_768, 3) + Self.packet(20_000, 1)))
        // First another.
        #expect(receiver.take(Self.header(1, of: 2, 6), Self.packet(40_000, 1)) == .waiting)
        #expect(receiver.take(Self.header(2, of: 2, 6), Self.packet(25_537, 1)) == .refused(.length))
        #expect(
            receiver.take(Self.header(2, of: 2, 6), Self.packet(25_536, 2))
                == .packet(Self.packet(40_000, 1) + Self.packet(25_536, 2)))
    }

    @Test("31 newer packets do not disturb, 33 newer ones give it up")
    func expiry() {
        for newer in [31, 32, 33] {
            var receiver = Receiver()
            _ = receiver.take(Self.header(1, of: 2, 100), [1])
            for number in 1...newer {
                _ = receiver.windows[HostID(1)]?.judge(UInt16(100 + number), behind: .follow)
            }
            #expect(
                receiver.take(Self.header(2, of: 2, 100), [2]) == (newer < 33 ? .packet([1, 2]) : .refused(.givenUp)))
        }
    }

    @Test("of 33 packets begun at once by a host the first gives way, and stays given up")
    func hostLimit() {
        var receiver = Receiver()
        for number in 1...33 {
            #expect(receiver.take(Self.header(1, of: 2, number), [UInt8(number)]) == .waiting)
        }
        #expect(receiver.reassembly.count == Reassembly.hostLimit)
        #expect(receiver.take(Self.header(2, of: 2, 1), [0]) == .refused(.givenUp))
        for number in 2...33 {
            #expect(receiver.take(Self.header(2, of: 2, number), [0]) == .packet([UInt8(number), 0]))
        }
        #expect(receiver.reassembly.givenUp == 1)
    }

    @Test("the one that has waited longest for a piece gives way, not the one begun first")
    func longestUnused() {
        var receiver = Receiver()
        for number in 1...32 { _ = receiver.take(Self.header(1, of: 3, number), [UInt8(number)]) }
        _ = receiver.take(Self.header(2, of: 3, 1), [0])
        _ = receiver.take(Self.header(1, of: 3, 33), [33])
        #expect(receiver.take(Self.header(3, of: 3, 1), [0]) == .packet([1, 0, 0]))
        #expect(receiver.take(Self.header(2, of: 3, 2), [0]) == .refused(.givenUp))
    }

    @Test("of all hosts' packets 64 wait at a time")
    func limit() {
        var receiver = Receiver()
        for host in 1...3 {
            for number in 1...30 { _ = receiver.take(Self.header(1, of: 2, number, host: host), [UInt8(host)]) }
        }
        #expect(receiver.reassembly.count == Reassembly.limit)
        #expect(receiver.reassembly.givenUp == 26)
        #expect(receiver.take(Self.header(2, of: 2, 26, host: 1), [0]) == .refused(.givenUp))
        #expect(receiver.take(Self.header(2, of: 2, 27, host: 1), [0]) == .packet([1, 0]))
        #expect(receiver.take(Self.header(2, of: 2, 30, host: 3), [0]) == .packet([3, 0]))
    }

    @Test("hosts and lives do not mix, though their numbers are the same")
    func lives() {
        var receiver = Receiver()
        _ = receiver.take(Self.header(1, of: 2, 5, host: 1), [1])
        #expect(receiver.take(Self.header(2, of: 2, 5, host: 2), [2]) == .waiting)
        receiver.windows[HostID(1)]?.forget()
        #expect(receiver.take(Self.header(2, of: 2, 5, host: 1), [3]) == .waiting)
        #expect(receiver.take(Self.header(1, of: 2, 5, host: 1), [4]) == .packet([4, 3]))
        receiver.reassembly.forget(HostID(2))
        receiver.reassembly.forget(HostID(1))
        #expect(receiver.reassembly.count == 0)
    }

    @Test(
        "pieces of many packets, mixed, lost, doubled and forged: what comes out went in",
        arguments: 1...2 as ClosedRange<UInt64>)
    func mixed(_ seed: UInt64) throws {
        var random = Numbers(seed: seed)
        var receiver = Receiver()
        var sent: [[UInt8]] = []
        var waiting: [(number: Int, DataHeader, [UInt8])] = []
        var complete = 0
        for number in 1...400 {
            let packet = Self.packet(2 + random.below(9000), number)
            sent.append(packet)
            let mtu = max(packet.count / (2 + random.below(200)), 1)
            guard Pieces(length: packet.count, dataMTU: mtu) != nil else { continue }
            for (header, piece) in try Self.cut(packet, mtu, number) where random.below(400) > 0 {
                waiting.append((number, header, piece))
                if random.below(20) == 0 { waiting.append((number, header, piece)) }
            }
            while waiting.count > 300 {
                let (number, header, piece) = waiting.remove(at: random.below(random.below(3) == 0 ? 300 : 20))
                if random.below(50) == 0 {
                    var forged = header
                    forged.pieceIndex = UInt8(random.below(256))
                    forged.pieceCount = UInt8(random.below(2) == 0 ? Int(header.pieceCount) : random.below(256))
                    // Of a length that no piece has, so that what it brings about is seen.
                    _ = receiver.take(forged, [UInt8](repeating: 0xEE, count: piece.count + 1))
                }
                guard case .packet(let bytes) = receiver.take(header, piece) else { continue }
                complete += 1
                #expect(bytes.count == sent[number - 1].count && bytes == sent[number - 1])
            }
        }
        #expect(complete > 100)
        #expect(receiver.reassembly.count <= Reassembly.hostLimit)
    }
}
