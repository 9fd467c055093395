import Basics

extension IPAddress {
    /// Reads the address that starts at `offset`; nil where the bytes end before it does.
    static func v4(_ bytes: Span<UInt8>, at offset: Int) -> IPAddress? {
        bytes.number32(offset).map(IPAddress.v4)
    }

    static func v6(_ bytes: Span<UInt8>, at offset: Int) -> IPAddress? {
        guard let high = bytes.number64(offset), let low = bytes.number64(offset + 8) else { return nil }
        return .v6(high: high, low: low)
    }
}
