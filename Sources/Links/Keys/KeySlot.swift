/// With which key a datagram is sealed (spec: knet.md 3.1).
public enum KeySlot: UInt8, Sendable, Hashable, CaseIterable {
    /// With none.
    case clear = 0
    case first = 1
    case second = 2
}
