import CaptureFiles
import Testing
import TotemWire

/// From frames to datagrams: link types, IP, fragments, checksums.
struct DatagramTests {
    static let payload = Vectors.bytes(number: 23)

    static func extract(_ bytes: [UInt8], _ link: LinkType) -> Extraction {
        var extractor = DatagramExtractor()
        return extractor.extract(CapturedFrame(number: 1, time: nil, linkType: link, bytes: bytes))
    }

    static func datagram(_ extraction: Extraction) -> Datagram? {
        if case .datagram(let datagram) = extraction { datagram } else { nil }
    }

    static func reason(_ extraction: Extraction) -> String? {
        if case .other(let reason) = extraction { reason } else { nil }
    }

    @Test func everyLinkTypeLeadsToTheDatagram() {
        let ip = Frames.ipv4(Frames.udp(Self.payload, from: 40_000))
        let cooked = [UInt8](repeating: 0, count: 14) + [8, 0]
        let cooked2 = [8, 0] + [UInt8](repeating: 0, count: 18)
        let frames: [([UInt8], LinkType)] = [
            (Frames.ethernet(ip), .ethernet),
            (Frames.ethernet(ip, tags: [0x8100]), .ethernet),
            (Frames.ethernet(ip, tags: [0x88A8, 0x8100]), .ethernet),
            (cooked + ip, LinkType(number: 113)),
            (cooked2 + ip, LinkType(number: 276)),
            (ip, LinkType(number: 101)), (ip, LinkType(number: 228)), (ip, LinkType(number: 12)),
            ([2, 0, 0, 0] + ip, LinkType(number: 0)), ([0, 0, 0, 2] + ip, LinkType(number: 108)),
            (ip, .unspecified), (Frames.ethernet(ip), .unspecified),
            (Frames.ethernet(ip) + [0, 0, 0], .ethernet),
        ]
        for (bytes, link) in frames {
            let datagram = Self.datagram(Self.extract(bytes, link))
            #expect(datagram?.payload == Self.payload, "\(link)")
            #expect(datagram?.source?.description == "10.0.0.1:40000")
            #expect(datagram?.destination?.description == "10.0.0.2:5405")
            #expect(datagram?.isHeaderChecksumRight == true && datagram?.missing == 0)
        }
    }

    @Test func optionsAndExtensionHeadersArePassedOver() {
        let udp = Frames.udp(Self.payload)
        #expect(Self.datagram(Self.extract(Frames.ipv4(udp, options: 3), .rawIP))?.payload == Self.payload)
        let extensions: [UInt8] = [60, 0, 0, 0, 0, 0, 0, 0] + [17, 1] + [UInt8](repeating: 0, count: 14)
        for packet in [Frames.ipv6(udp), Frames.ipv6(udp, first: 0, extensions: extensions)] {
            let datagram = Self.datagram(Self.extract(packet, .rawIP))
            #expect(datagram?.payload == Self.payload)
            #expect(datagram?.source?.description == "[fd00::1]:5405")
        }
        let ethernet = Frames.ethernet(Frames.ipv6(udp), type: 0x86DD)
        #expect(Self.datagram(Self.extract(ethernet, .unspecified))?.payload == Self.payload)
        #expect(Self.datagram(Self.extract([30, 0, 0, 0] + Frames.ipv6(udp), .null))?.payload == Self.payload)
    }

    @Test func barePacketsComeWithoutAddresses() {
        let datagram = Self.datagram(Self.extract(Self.payload, .unspecified))
        #expect(datagram?.payload == Self.payload && datagram?.source == nil)
    }

    @Test func whatIsNotUDPIsNamed() {
        let cases: [([UInt8], LinkType, String)] = [
            (Frames.ethernet([0, 1], type: 0x0806), .ethernet, "EtherType 0x806"),
            (Frames.ethernet([0, 1], type: 39), .ethernet, "LLC"),
            ([1, 2, 3], .ethernet, "link header"),
            (Frames.ipv4([0, 0, 0, 0], transport: 6), .rawIP, "IP protocol 6"),
            ([0x45, 0, 0], .rawIP, "cut in its IPv4 header"),
            ([0x60, 0, 0], .rawIP, "cut in its IPv6 header"),
            ([0x90], .rawIP, "IP version 9"),
            ([], .rawIP, "empty"),
            (Frames.ipv4([1, 2]), .rawIP, "UDP header"),
            (Frames.ipv4([0, 1, 0, 2, 0, 3, 0, 0]), .rawIP, "a UDP header that gives a length of 3"),
            ([1], .other(147), "link type 147"),
            ([9, 0, 0, 0], .null, "address family 9"),
        ]
        for (bytes, link, reason) in cases {
            let extraction = Self.extract(bytes, link)
            #expect(Self.reason(extraction)?.contains(reason) == true, "\(reason): \(extraction)")
        }
    }

    @Test func aLimitedCaptureTellsWhatIsMissing() {
        let frame = Frames.ethernet(Frames.ipv4(Frames.udp(Self.payload)))
        let datagram = Self.datagram(Self.extract(Array(frame.dropLast(20)), .ethernet))
        #expect(datagram?.payload == Array(Self.payload.dropLast(20)))
        #expect(datagram?.missing == 20 && datagram?.checksum != .valid)
    }

    @Test func checksumsAreJudged() {
        let length = UInt16(8 + Self.payload.count)
        let pseudo = UInt32(Frames.sum([10, 0, 0, 1, 10, 0, 0, 2])) + 17 + UInt32(length)
        let right = ~Frames.sum(Frames.udp(Self.payload), pseudo)
        let cases: [(UInt16, ChecksumState)] = [
            (0, .absent), (right, .valid), (UInt16(pseudo & 0xFFFF) + UInt16(pseudo >> 16), .leftToHardware),
            (right ^ 0x101, .wrong),
        ]
        for (checksum, state) in cases {
            let packet = Frames.ipv4(Frames.udp(Self.payload, checksum: checksum))
            #expect(Self.datagram(Self.extract(packet, .rawIP))?.checksum == state)
        }
    }
}

/// IP fragments, as full frames of a recovering ring come in.
struct FragmentTests {
    static let udp = Frames.udp(Vectors.bytes(number: 50))

    static func run(_ packets: [[UInt8]], times: [Int64] = []) -> (Datagram?, [Extraction], Int) {
        var extractor = DatagramExtractor()
        var all: [Extraction] = []
        for (index, packet) in packets.enumerated() {
            let time = index < times.count ? CaptureTime(seconds: times[index], nanoseconds: 0) : nil
            all.append(
                extractor.extract(CapturedFrame(number: index + 1, time: time, linkType: .rawIP, bytes: packet)))
        }
        return (all.compactMap(DatagramTests.datagram).first, all, extractor.incompleteCount)
    }

    static func part(_ range: Range<Int>, id: UInt16 = 7) -> [UInt8] {
        Frames.ipv4(Array(udp[range]), id: id, offset: range.lowerBound, more: range.upperBound < udp.count)
    }

    static let ranges = [0..<400, 400..<800, 800..<udp.count]

    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 0, 2, 1]])
    func anyOrderGivesTheWhole(_ order: [Int]) {
        let (datagram, all, incomplete) = Self.run(order.map { Self.part(Self.ranges[$0]) })
        #expect(datagram?.payload == Vectors.bytes(number: 50))
        #expect(datagram?.fragments == 3 && datagram?.frameNumber == order.count && incomplete == 0)
        #expect(all.dropLast().allSatisfy { if case .fragment = $0 { true } else { false } })
    }

    @Test func fragmentsOfDifferentPacketsAreKeptApart() {
        let (datagram, _, incomplete) = Self.run([
            Self.part(0..<400, id: 1), Self.part(400..<800, id: 2), Self.part(800..<Self.udp.count, id: 1),
        ])
        #expect(datagram == nil && incomplete == 2)
    }

    @Test func oldFragmentsAreGivenUp() {
        let late = Self.run(Self.ranges.map { Self.part($0) }, times: [0, 1, 60])
        #expect(late.0 == nil && late.2 == 1)
        let soon = Self.run(Self.ranges.map { Self.part($0) }, times: [0, 1, 20])
        #expect(soon.0 != nil)
    }

    @Test func overlapsAndContradictionsAreRefused() {
        let reasons = { (packets: [[UInt8]]) in Self.run(packets).1.compactMap(DatagramTests.reason) }
        #expect(reasons([Self.part(0..<400), Self.part(392..<800)]) == ["fragments that overlap"])
        #expect(
            reasons([
                Frames.ipv4([1, 2, 3], offset: 400), Frames.ipv4([1, 2], offset: 408),
            ]) == ["fragments that disagree about the end of their packet"])
        #expect(reasons([Frames.ipv4([1, 2, 3], more: true)]) == ["a fragment of 3 bytes, not a multiple of 8"])
        #expect(
            reasons([Frames.ipv4([UInt8](repeating: 0, count: 64), offset: 65_528)])
                == ["a fragment that ends beyond 65535 bytes"])
    }

    @Test func ipv6HasAHeaderForIt() {
        let header = { (range: Range<Int>) -> [UInt8] in
            let place = UInt16(range.lowerBound) | (range.upperBound < Self.udp.count ? 1 : 0)
            return [17, 0, UInt8(place >> 8), UInt8(place & 0xFF), 0, 0, 0, 9]
        }
        let packets = Self.ranges.map { Frames.ipv6(Array(Self.udp[$0]), first: 44, extensions: header($0)) }
        #expect(Self.run(packets).0?.payload == Vectors.bytes(number: 50))
    }

    @Test func aFloodOfFragmentsIsBounded() {
        let packets = (0..<1000).map { Self.part(0..<400, id: UInt16($0)) }
        #expect(Self.run(packets).2 == 256)
    }
}
