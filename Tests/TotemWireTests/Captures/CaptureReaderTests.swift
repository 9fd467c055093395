import CaptureFiles
import Testing
import TotemWire

/// pcap and pcapng as their formats define them, and what is wrong with damaged ones.
struct CaptureReaderTests {
    /// All frames of a file, read in pieces of `step` bytes.
    static func frames(_ file: [UInt8], step: Int = .max) throws -> [CapturedFrame] {
        var reader = CaptureReader()
        var frames: [CapturedFrame] = []
        var rest = file[...]
        while !rest.isEmpty {
            reader.append(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
            while let frame = try reader.next() { frames.append(frame) }
        }
        try reader.finish()
        return frames
    }

    static func reason(_ file: [UInt8]) -> CaptureError? {
        do {
            _ = try frames(file)
            return nil
        } catch {
            return error as? CaptureError
        }
    }

    @Test(arguments: [ByteOrder.little, .big], [false, true])
    func pcapOfBothOrdersAndUnits(_ order: ByteOrder, _ nanoseconds: Bool) throws {
        let file = Frames.pcap(
            [
                .init(seconds: 1_700_000_000, fraction: 590_542, bytes: [1, 2, 3], original: 60),
                .init(seconds: 1_700_000_001, fraction: 999_999, bytes: []),
            ], order: order, nanoseconds: nanoseconds)
        for step in [1, 5, 1000] {
            let frames = try Self.frames(file, step: step)
            #expect(frames.map(\.number) == [1, 2])
            #expect(frames[0].bytes == [1, 2, 3] && frames[0].originalLength == 60)
            #expect(
                frames[0].time == CaptureTime(seconds: 1_700_000_000, nanoseconds: nanoseconds ? 590_542 : 590_542_000))
            #expect(frames[0].linkType == .ethernet)
        }
    }

    @Test(arguments: [ByteOrder.little, .big])
    func pcapngOfBothOrders(_ order: ByteOrder) throws {
        let stamp: UInt64 = 1_700_000_000_590_542
        let file =
            Frames.section(order) + Frames.interface(order)
            + Frames.interface(order, link: 101, resolution: 9, offset: 100)
            + Frames.interface(order, link: 101, resolution: 0x8A)
            + Frames.block(5, order) { $0.zeros(16) } + Frames.block(0x8000_0BAD, order) { $0.zeros(5) }
            + Frames.enhanced(order, [1, 2, 3], stamp: stamp)
            + Frames.enhanced(order, [4], stamp: 5_000_000_007, interface: 1)
            + Frames.enhanced(order, [5], stamp: 1024 * 3 + 512, interface: 2)
            + Frames.simple(order, [6, 7])
        for step in [1, 7, 1000] {
            let frames = try Self.frames(file, step: step)
            #expect(frames.map(\.bytes) == [[1, 2, 3], [4], [5], [6, 7]])
            #expect(frames[0].time == CaptureTime(seconds: 1_700_000_000, nanoseconds: 590_542_000))
            #expect(frames[1].time == CaptureTime(seconds: 105, nanoseconds: 7) && frames[1].linkType == .rawIP)
            #expect(frames[2].time == CaptureTime(seconds: 3, nanoseconds: 500_000_000))
            #expect(frames[3].time == nil && frames[3].linkType == .ethernet)
        }
    }

    @Test func sectionsOfDifferentOrderFollowOneAnother() throws {
        let file =
            Frames.section(.little) + Frames.interface(.little) + Frames.enhanced(.little, [1], stamp: 1)
            + Frames.section(.big) + Frames.interface(.big, link: 113) + Frames.enhanced(.big, [2], stamp: 2)
        #expect(try Self.frames(file).map(\.linkType) == [.ethernet, .linuxCooked])
    }

    @Test func aSimplePacketEndsAtTheSnapLength() throws {
        let file =
            Frames.section(.little) + Frames.interface(.little, snap: 4)
            + Frames.simple(.little, [1, 2, 3, 4], original: 90)
        let frame = try #require(try Self.frames(file).first)
        #expect(frame.bytes == [1, 2, 3, 4] && frame.originalLength == 90)
    }

    @Test func errorsNamePlaceAndReason() {
        let section = Frames.section(.little)
        let cases: [([UInt8], Int, String)] = [
            ([], 0, "empty"),
            ([1, 2, 3, 4, 5], 0, "neither pcap nor pcapng"),
            (Malformed.patch(Frames.pcap([], order: .little), at: 4, 3), 4, "version 3"),
            (
                Frames.pcap([], order: .little) + Malformed.patch([UInt8](repeating: 0, count: 16), at: 8, .max), 32,
                "4294967295 bytes: the file is damaged"
            ),
            (Malformed.patch(section, at: 8, 7), 8, "no byte-order magic"),
            (Malformed.patch(section, at: 4, 29), 4, "a block of 29 bytes"),
            (Malformed.patch(section, at: 4, 0xFFFF_FFFC), 4, "a block of 4294967292 bytes"),
            (Malformed.patch(section, at: 24, 32), 24, "second length differs"),
            (section + Frames.enhanced(.little, [1], stamp: 0), 36, "interface 0 has not been described"),
            (section + Frames.simple(.little, [1]), 36, "no interface has been described"),
            (section + Frames.interface(.little, resolution: 0xFF), 56, "resolution 255 is not supported"),
            (
                section + Frames.interface(.little)
                    + Malformed.patch(Frames.enhanced(.little, [1], stamp: 0), at: 20, 5), 80, "5 bytes captured"
            ),
        ]
        for (file, offset, reason) in cases {
            let error = Self.reason(file)
            #expect(error?.reason.contains(reason) == true, "\(reason): \(String(describing: error))")
            #expect(error?.place == .offset(offset), "\(reason): \(String(describing: error))")
        }
    }

    @Test func aFileThatEndsWithinARecordIsReported() throws {
        let files = [
            Frames.pcap([.init(seconds: 1, fraction: 2, bytes: [1, 2, 3])], order: .big),
            Frames.section(.big) + Frames.interface(.big) + Frames.enhanced(.big, [1, 2, 3], stamp: 9),
        ]
        for file in files {
            let whole = try Self.frames(file).count
            #expect(whole == 1)
            for length in 1..<file.count {
                let cut = Array(file[..<length])
                // A cut between two records leaves a whole, shorter file.
                if let count = try? Self.frames(cut).count { #expect(count < whole) }
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func noMutationTraps(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let packet = Frames.ethernet(Frames.ipv4(Frames.udp(Vectors.bytes(number: 23))))
        let part = Frames.udp(Vectors.bytes(number: 45))
        let fragments = [
            Frames.ethernet(Frames.ipv4(Array(part[..<800]), more: true)),
            Frames.ethernet(Frames.ipv4(Array(part[800...]), offset: 800)),
        ]
        let extended = Frames.ethernet(
            Frames.ipv6(part, first: 44, extensions: [17, 0, 0, 1, 0, 0, 0, 9]), type: 0x86DD)
        let all = [packet, extended] + fragments
        let files = [
            Frames.pcap(all.map { .init(seconds: 1, fraction: 2, bytes: $0) }, order: .little),
            Frames.section(.big) + Frames.interface(.big, resolution: 9)
                + all.flatMap { Frames.enhanced(.big, $0, stamp: 77) } + Frames.simple(.big, packet),
        ]
        var datagrams = 0
        for round in 0..<2_000 {
            let file = MutationTests.mutate(files[round % files.count], &random)
            var reader = CaptureReader()
            var extractor = DatagramExtractor()
            reader.append(file)
            while let frame = try? reader.next() {
                if case .datagram = extractor.extract(frame) { datagrams += 1 }
            }
            try? reader.finish()
        }
        #expect(datagrams > 2_000)
    }
}
