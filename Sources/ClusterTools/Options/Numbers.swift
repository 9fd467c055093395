import Glibc

/// Numbers on a command line, as C's functions read them.
enum Numbers {
    /// A whole decimal number in a range, with blanks and a sign before it and nothing behind it.
    static func whole<Number: FixedWidthInteger>(_ text: String, in range: ClosedRange<Number>) -> Number? {
        guard let (number, isWhole) = signed(text), isWhole, let value = Number(exactly: number) else { return nil }
        return range.contains(value) ? value : nil
    }

    /// The number a text begins with, as scanf takes it: whatever stands behind it is passed over, and what is too large
    /// becomes the largest.
    static func leading(_ text: String) -> Int64? { signed(text, saturating: true)?.number }

    /// The same without a sign; a minus makes what is left of 2^64.
    static func leadingUnsigned(_ text: String) -> UInt64? {
        scan(text) { strtoull($0, $1, 10) }?.value
    }

    static func leadingFloat(_ text: String) -> Float? { scan(text) { strtof($0, $1) }?.value }

    static func leadingDouble(_ text: String) -> Double? { scan(text) { strtod($0, $1) }?.value }

    private static func signed(_ text: String, saturating: Bool = false) -> (number: Int64, isWhole: Bool)? {
        errno = 0
        guard let found = scan(text, { Int64(strtoll($0, $1, 10)) }), saturating || errno == 0 else { return nil }
        return (found.value, found.isWhole)
    }

    /// Nil where nothing was read.
    private static func scan<Number>(
        _ text: String, _ convert: (UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Number
    ) -> (value: Number, isWhole: Bool)? {
        text.withCString { start in
            // The function leaves the end inside the text, which ends with NUL and lives as long as this call.
            var end: UnsafeMutablePointer<CChar>?
            let value = convert(start, &end)
            guard let end, UnsafePointer(end) != start else { return nil }
            return (value, end.pointee == 0)
        }
    }
}
