/// A key of the configuration map that a service sets or removes.
public struct MapChange: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        case uint8(UInt8)
        case uint16(UInt16)
        case uint32(UInt32)
        case uint64(UInt64)
        case string(String)
    }

    public var key: String
    /// `nil` removes the key.
    public var value: Value?

    public init(_ key: String, _ value: Value?) {
        self.key = key
        self.value = value
    }
}
