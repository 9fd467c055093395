import Glibc
import JSONText
import RondoKit

/// How a key with its value is written.
struct KeyStyle {
    /// The bytes of binary values, too.
    var showsBinary = false
    /// The value alone.
    var isQuiet = false

    func text(_ key: String, _ value: MapValue) -> String {
        let head = isQuiet ? "" : "\(key) ("
        if case .binary(let bytes) = value {
            // The type stays in quiet mode, as in Corosync's tool.
            return head + "bin)" + (showsBinary ? " = " + Escaped.text(bytes) : "")
        }
        return head + (isQuiet ? "" : "\(value.typeName)) = ") + Self.text(value)
    }

    private static func text(_ value: MapValue) -> String {
        switch value {
        case .float(let number): decimal(Double(number))
        case .double(let number): decimal(number)
        default: value.description
        }
    }

    /// With six digits behind the point, as C's `%f`.
    private static func decimal(_ number: Double) -> String {
        // The longest double has 309 digits before the point.
        var room = [CChar](repeating: 0, count: 400)
        let count = withVaList([number]) { vsnprintf(&room, room.count, "%f", $0) }
        return String(decoding: room.prefix(Int(max(count, 0))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func json(_ key: String, _ value: MapValue) -> JSONValue {
        .object([("key", .string(key)), ("type", .string(value.typeName)), ("value", json(value))])
    }

    /// Numbers as numbers but for those that JSON has none for; bytes as hexadecimal digits.
    static func json(_ value: MapValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .binary(let bytes):
            .string(
                bytes.map { byte in
                    let digits = String(byte, radix: 16)
                    return digits.count < 2 ? "0" + digits : digits
                }.joined())
        case .float(let number) where !number.isFinite: .string("\(number)")
        case .double(let number) where !number.isFinite: .string("\(number)")
        default: .number(value.description)
        }
    }
}
