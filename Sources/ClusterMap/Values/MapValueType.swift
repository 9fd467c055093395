/// The types a map value can have, by their number on the client's side (spec: configuration.md 7.1).
public enum MapValueType: UInt8, Sendable, CaseIterable {
    case i8 = 1
    case u8, i16, u16, i32, u32, i64, u64, float, double, string, binary

    /// Bytes a value of this type always has; nil for strings and binaries.
    public var fixedSize: Int? {
        switch self {
        case .i8, .u8: 1
        case .i16, .u16: 2
        case .i32, .u32, .float: 4
        case .i64, .u64, .double: 8
        case .string, .binary: nil
        }
    }
}
