/// Why a text is not what it should be.
package struct QuantityError: Error, Equatable, CustomStringConvertible {
    /// A sentence about the text, without the option it was given for.
    package var description: String

    init(_ description: String) { self.description = description }
}

/// Numbers with units, as people write them.
package enum QuantityText {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("min", 60e9), ("h", 3600e9),
        ("d", 86_400e9),
    ]

    /// A year of 365 days is the longest that is understood.
    private static let longest = 365 * 86_400e9

    /// Nanoseconds of `2ms`, `1.5 s`, `10us`, `5min`, `24h`.
    ///
    /// - Parameter unit: the unit of a number that comes without one.
    package static func duration(_ text: String, unit fallback: String? = nil) throws(QuantityError) -> UInt64 {
        let (number, name) = try split(text)
        guard number != 0 || !name.isEmpty else { return 0 }
        let wanted = name.isEmpty ? fallback ?? "" : name
        guard let unit = units.first(where: { $0.name == wanted }) else {
            throw QuantityError(
                name.isEmpty
                    ? "'\(text)' has no unit: write '\(text)ms', or another of \(unitNames)"
                    : "'\(name)' in '\(text)' is not a unit of time; there are \(unitNames)")
        }
        let nanoseconds = (number * unit.nanoseconds).rounded()
        guard nanoseconds <= longest else { throw QuantityError("'\(text)' is longer than a year") }
        return UInt64(nanoseconds)
    }

    private static var unitNames: String { "ns, us, ms, s, min, h, d" }

    /// The unit a duration ends with; nil when it has none.
    static func unit(of text: String) -> String? {
        guard let (_, name) = try? split(text), !name.isEmpty else { return nil }
        return name
    }

    /// Millionths of `0.5%`, `2 %`.
    package static func share(_ text: String) throws(QuantityError) -> UInt32 {
        let (number, name) = try split(text)
        guard name == "%" || (number == 0 && name.isEmpty) else {
            throw QuantityError("'\(text)' is not a percentage: write '\(name.isEmpty ? text : "0.5")%'")
        }
        guard number <= 100 else { throw QuantityError("'\(text)' is more than all: 0% to 100%") }
        return UInt32((number * 10_000).rounded())
    }

    /// Bytes of `64`, `64B`, `1KB`, `1KiB`, `1MB`. The units are 1024 and 1024 · 1024.
    package static func size(_ text: String) throws(QuantityError) -> Int {
        let (number, name) = try split(text)
        let factor: Double? =
            switch name {
            case "", "B", "b": 1
            case "K", "k", "KB", "kB", "KiB": 1024
            case "M", "MB", "MiB": 1_048_576
            default: nil
            }
        guard let factor else { throw QuantityError("'\(name)' in '\(text)' is not a size; there are B, KB and MB") }
        let bytes = (number * factor).rounded()
        guard bytes <= 1_048_576 else { throw QuantityError("'\(text)' is more than a message can be: 1 MB") }
        return Int(bytes)
    }

    /// A number of digits with at most one point, and what follows it without blanks.
    private static func split(_ text: String) throws(QuantityError) -> (Double, String) {
        let trimmed = trim(text)
        let digits = trimmed.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard let number = Double(String(digits)), number.isFinite, number >= 0, digits.last != "." else {
            throw QuantityError(trimmed.isEmpty ? "a number is missing" : "'\(trimmed)' does not begin with a number")
        }
        return (number, trim(String(trimmed.dropFirst(digits.count))))
    }

    static func trim(_ text: String) -> String {
        let front = text.drop { $0 == " " || $0 == "\t" }
        guard let last = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(front[...last])
    }
}
