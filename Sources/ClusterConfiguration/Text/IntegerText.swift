/// Numbers as the configuration file writes them (spec: configuration.md 2.3).
enum IntegerText {
    /// A decimal number with an optional sign, nothing after it; nil when it is none or exceeds 64 bits.
    ///
    /// Returned as sign and magnitude, so that each type can check its own range.
    static func parse(_ text: [UInt8]) -> (negative: Bool, magnitude: UInt64)? {
        var digits = text[...].drop { $0 == ASCII.space || $0 == ASCII.tab }
        var negative = false
        if let sign = digits.first, sign == 0x2B || sign == 0x2D {
            negative = sign == 0x2D
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty else { return nil }
        var magnitude: UInt64 = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 0x30))
            guard !overflow, !carry else { return nil }
            magnitude = sum
        }
        return (negative, magnitude)
    }

    /// `text` as a value of `type`; nil when it is not a number of that type. Text is always itself.
    static func value(_ text: [UInt8], as type: ConfigurationType) -> ConfigurationValue? {
        if type == .string { return .string(text) }
        guard let (negative, magnitude) = parse(text) else { return nil }
        // 64-bit keys take a negative number modulo 2^64, as strtoull does.
        if type == .u64 { return .u64(negative ? 0 &- magnitude : magnitude) }
        guard let absolute = Int64(exactly: magnitude) else { return nil }
        let number = negative ? -absolute : absolute
        switch type {
        case .u8: return UInt8(exactly: number).map { .u8($0) }
        case .u16: return UInt16(exactly: number).map { .u16($0) }
        case .u32: return UInt32(exactly: number).map { .u32($0) }
        case .i32: return Int32(exactly: number).map { .i32($0) }
        case .u64, .string: return nil
        }
    }
}
