import TotemWire

/// The newer capture file: blocks, each with its type and length; unknown ones are skipped.
struct PcapngParser: Sendable {
    private struct Interface: Sendable {
        var linkType: LinkType
        var snapLength: Int
        /// Units of the time stamp in a second.
        var unitsPerSecond: UInt64 = 1_000_000
        /// Seconds to add to every time stamp.
        var secondsOffset: Int64 = 0
    }

    private enum BlockType {
        static let sectionHeader: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let obsoletePacket: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let enhancedPacket: UInt32 = 6
    }

    /// No tool writes longer blocks; a longer one means that the file is damaged.
    private static let largestBlock = 1 << 24

    private var order = ByteOrder.little
    private var interfaces: [Interface] = []

    static func isSectionHeader(_ file: Span<UInt8>) -> Bool { file.number32(0) == BlockType.sectionHeader }

    mutating func step(_ rest: Span<UInt8>, offset: Int) throws(CaptureError) -> CaptureReader.Step {
        if PcapngParser.isSectionHeader(rest) {
            guard let magic = rest.number32(8) else { return .needsMore(12) }
            switch magic {
            case 0x1A2B_3C4D: order = .big
            case 0x4D3C_2B1A: order = .little
            default: throw CaptureError(offset: offset + 8, "no byte-order magic in the section header")
            }
        }
        guard let type = rest.number32(0, order), let size = rest.number32(4, order) else { return .needsMore(12) }
        guard size >= 12, size % 4 == 0, size <= PcapngParser.largestBlock else {
            throw CaptureError(offset: offset + 4, "a block of \(size) bytes: the file is damaged here")
        }
        let length = Int(size)
        guard rest.count >= length else { return .needsMore(length) }
        guard rest.number32(length - 4, order) == size else {
            throw CaptureError(offset: offset + length - 4, "the block's second length differs from its first")
        }
        let body = rest.extracting(8..<(length - 4))
        switch type {
        case BlockType.sectionHeader:
            guard let major = body.number16(4, order), major == 1 else {
                throw CaptureError(offset: offset + 12, "pcapng version other than 1")
            }
            interfaces = []
        case BlockType.interface:
            interfaces.append(try interface(body, offset: offset + 8))
        case BlockType.enhancedPacket, BlockType.obsoletePacket:
            return .frame(try packet(body, isObsolete: type == BlockType.obsoletePacket, offset + 8), length: length)
        case BlockType.simplePacket:
            return .frame(try simplePacket(body, offset + 8), length: length)
        default: break
        }
        return .skipped(length)
    }

    private func interface(_ body: Span<UInt8>, offset: Int) throws(CaptureError) -> Interface {
        guard let link = body.number16(0, order), let snap = body.number32(4, order) else {
            throw CaptureError(offset: offset, "the interface description is cut")
        }
        var interface = Interface(linkType: LinkType(number: link), snapLength: snap == 0 ? .max : Int(snap))
        var option = 8
        while let code = body.number16(option, order), let size = body.number16(option + 2, order), code != 0 {
            let value = option + 4
            switch (code, size) {
            case (9, 1):
                let resolution = body.byte(value) ?? 6
                guard let units = PcapngParser.unitsPerSecond(resolution) else {
                    throw CaptureError(offset: offset + value, "time stamp resolution \(resolution) is not supported")
                }
                interface.unitsPerSecond = units
            case (14, 8):
                interface.secondsOffset = Int64(bitPattern: body.number64(value, order) ?? 0)
            default: break
            }
            option = value + (Int(size) + 3) / 4 * 4
        }
        return interface
    }

    /// 2 or 10 to the power `if_tsresol` says; nil when a second has more units than 64 bits count.
    private static func unitsPerSecond(_ resolution: UInt8) -> UInt64? {
        let exponent = resolution & 0x7F
        if resolution & 0x80 != 0 { return exponent < 64 ? 1 << UInt64(exponent) : nil }
        guard exponent < 20 else { return nil }
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    private func packet(_ body: Span<UInt8>, isObsolete: Bool, _ offset: Int) throws(CaptureError) -> CapturedFrame {
        guard let number = isObsolete ? body.number16(0, order).map(UInt32.init) : body.number32(0, order),
            let high = body.number32(4, order), let low = body.number32(8, order),
            let captured = body.number32(12, order), let original = body.number32(16, order)
        else { throw CaptureError(offset: offset, "the packet block is cut") }
        guard number < interfaces.count else {
            throw CaptureError(offset: offset, "interface \(number) has not been described")
        }
        guard Int(captured) <= body.count - 20 else {
            throw CaptureError(offset: offset + 12, "\(captured) bytes captured, the block holds \(body.count - 20)")
        }
        let interface = interfaces[Int(number)]
        let stamp = UInt64(high) << 32 | UInt64(low)
        return CapturedFrame(
            number: 0, time: PcapngParser.time(stamp, interface), linkType: interface.linkType,
            bytes: body.copy(20..<(20 + Int(captured))), originalLength: max(Int(original), Int(captured)))
    }

    private func simplePacket(_ body: Span<UInt8>, _ offset: Int) throws(CaptureError) -> CapturedFrame {
        guard let original = body.number32(0, order) else {
            throw CaptureError(offset: offset, "the packet block is cut")
        }
        guard let interface = interfaces.first else {
            throw CaptureError(offset: offset, "no interface has been described")
        }
        let captured = min(Int(original), interface.snapLength)
        guard captured <= body.count - 4 else {
            throw CaptureError(offset: offset, "\(captured) bytes captured, the block holds \(body.count - 4)")
        }
        return CapturedFrame(
            number: 0, time: nil, linkType: interface.linkType, bytes: body.copy(4..<(4 + captured)),
            originalLength: Int(original))
    }

    private static func time(_ stamp: UInt64, _ interface: Interface) -> CaptureTime {
        let units = interface.unitsPerSecond
        let fraction = (stamp % units).multipliedFullWidth(by: 1_000_000_000)
        // The remainder is less than a second, so that the quotient is less than a billion.
        let nanoseconds = units.dividingFullWidth(fraction).quotient
        return CaptureTime(
            seconds: Int64(clamping: stamp / units) &+ interface.secondsOffset,
            nanoseconds: UInt32(clamping: nanoseconds))
    }
}
