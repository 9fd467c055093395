import Glibc
import JSONText

/// Where a tool writes: its results, then what went wrong.
struct Output {
    /// Whether results are wanted as JSON.
    var json = false
    private var pending: [UInt8] = []

    init(json: Bool = false) { self.json = json }

    mutating func write(_ text: String) {
        pending += Array(text.utf8)
        if pending.count > 1 << 16 { flush() }
    }

    mutating func write(_ bytes: [UInt8]) { pending += bytes }

    mutating func line(_ text: String = "") { write(text + "\n") }

    mutating func value(_ value: JSONValue) { line(value.text) }

    /// Writes what is pending. A reader that has gone away ends the program, as it ends every filter.
    mutating func flush() {
        if !Self.write(pending, to: STDOUT_FILENO) { exit(EXIT_FAILURE) }
        pending.removeAll(keepingCapacity: true)
    }

    /// A complaint, on standard error.
    static func complain(_ text: String) { _ = write(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// What perror prints.
    static func complain(_ text: String, code: Int32) { complain("\(text): \(String(cString: strerror(code)))") }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

extension String {
    /// With blanks before it up to a width.
    func right(_ width: Int) -> String {
        let missing = width - utf8.count
        return missing > 0 ? String(repeating: " ", count: missing) + self : self
    }
}

extension UInt32 {
    /// As in `0x0000000a`.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Bytes with a backslash before what cannot be printed.
enum Escaped {
    static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x5C: text += "\\\\"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            // Corosync prints a signed character as a number of 32 bits.
            case 0x80...: text += "\\xFFFFFF" + digits(byte)
            default: text += "\\x" + digits(byte)
            }
        }
        return text
    }

    private static func digits(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }
}
