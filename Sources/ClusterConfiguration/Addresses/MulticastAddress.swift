import Basics

/// The multicast group of a udp cluster without `mcastaddr` (spec: configuration.md 4.5).
enum MulticastAddress {
    static func derived(fromClusterName name: [UInt8], link: Int, family: IPAddress.Family) -> IPAddress {
        var hash: Int32 = 0
        for byte in name { hash = hash &* 2 &+ Int32(Int8(bitPattern: byte)) }
        let base = UInt16(truncatingIfNeeded: hash)
        let id = base &+ UInt16(truncatingIfNeeded: link)
        switch family {
        case .v4: return .v4(0xEFC0_0000 | UInt32(id / 256) << 8 | UInt32(id % 255))
        case .v6: return .v6(high: 0xFF15 << 48, low: UInt64(id))
        }
    }
}
