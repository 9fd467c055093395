/// Where the IP packet begins in a frame.
enum LinkLayer {
    enum Content: Equatable {
        case ip(at: Int)
        /// No headers at all.
        case bare
        case other(String)
    }

    private static let ipv4: UInt16 = 0x0800
    private static let ipv6: UInt16 = 0x86DD
    private static let vlanTags: Set<UInt16> = [0x8100, 0x88A8, 0x9100]

    static func content(of frame: Span<UInt8>, _ type: LinkType) -> Content {
        switch type {
        case .ethernet: return typed(frame, typeAt: 12, dataAt: 14)
        case .linuxCooked: return typed(frame, typeAt: 14, dataAt: 16)
        case .linuxCooked2: return typed(frame, typeAt: 0, dataAt: 20)
        case .rawIP: return frame.isEmpty ? .other("an empty frame") : .ip(at: 0)
        case .null, .loop:
            guard let family = frame.number32(0) else { return .other("a frame cut in its link header") }
            // In the byte order of the machine that captured; IPv6 has another number on every system.
            let number = family > 0xFFFF ? family.byteSwapped : family
            return [2, 10, 24, 28, 30].contains(number) ? .ip(at: 4) : .other("address family \(number)")
        case .unspecified: return guess(frame)
        case .other(let number): return .other("link type \(number), which is not supported")
        }
    }

    private static func typed(_ frame: Span<UInt8>, typeAt: Int, dataAt: Int) -> Content {
        guard var type = frame.number16(typeAt) else { return .other("a frame cut in its link header") }
        var data = dataAt
        for _ in 0..<4 where vlanTags.contains(type) {
            guard let inner = frame.number16(data + 2) else { return .other("a frame cut in its VLAN tag") }
            type = inner
            data += 4
        }
        if type == ipv4 || type == ipv6 { return .ip(at: data) }
        return .other(type < 1536 ? "not IP (LLC)" : "not IP (EtherType 0x\(String(type, radix: 16)))")
    }

    /// Tells what text without link type holds, by the bytes themselves.
    private static func guess(_ frame: Span<UInt8>) -> Content {
        if IPLayer.looksLikeHeader(frame, at: 0) { return .ip(at: 0) }
        if case .ip(let offset) = typed(frame, typeAt: 12, dataAt: 14), IPLayer.looksLikeHeader(frame, at: offset) {
            return .ip(at: offset)
        }
        return .bare
    }
}
