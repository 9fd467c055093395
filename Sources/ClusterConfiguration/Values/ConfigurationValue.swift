/// A typed value as the configuration map stores it (spec: configuration.md 7.1).
///
/// Text is kept as the bytes of the file: nothing obliges a configuration to be UTF-8, and a shared key or a cluster
/// name must not change on its way.
public enum ConfigurationValue: Sendable, Hashable {
    case u8(UInt8)
    case u16(UInt16)
    case u32(UInt32)
    case i32(Int32)
    case u64(UInt64)
    case string([UInt8])

    /// A text value.
    public static func text(_ text: String) -> ConfigurationValue { .string(Array(text.utf8)) }

    public var type: ConfigurationType {
        switch self {
        case .u8: .u8
        case .u16: .u16
        case .u32: .u32
        case .i32: .i32
        case .u64: .u64
        case .string: .string
        }
    }

    /// The text of a string value, with invalid UTF-8 replaced; nil for numbers.
    public var text: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number when it is a u32; any other type counts as absent, as it does for Corosync.
    public var asU32: UInt32? {
        guard case .u32(let number) = self else { return nil }
        return number
    }
}

extension ConfigurationValue: CustomStringConvertible {
    /// The value as corosync-cmapctl prints it, without its type.
    public var description: String {
        switch self {
        case .u8(let number): String(number)
        case .u16(let number): String(number)
        case .u32(let number): String(number)
        case .i32(let number): String(number)
        case .u64(let number): String(number)
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// The types the configuration file can give a key.
public enum ConfigurationType: String, Sendable, Hashable {
    case u8, u16, u32, i32, u64
    case string = "str"

    /// The lowest and highest number of the type as error texts print them; nil for text.
    public var rangeText: (lowest: String, highest: String)? {
        switch self {
        case .u8: (String(UInt8.min), String(UInt8.max))
        case .u16: (String(UInt16.min), String(UInt16.max))
        case .u32: (String(UInt32.min), String(UInt32.max))
        case .i32: (String(Int32.min), String(Int32.max))
        case .u64: (String(UInt64.min), String(UInt64.max))
        case .string: nil
        }
    }
}
