import Glibc

/// What belongs on standard error: complaints, not results.
enum StandardError {
    static func print(_ text: String) {
        var line = Array((text + "\n").utf8)[...]
        while !line.isEmpty {
            let count = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            line = line.dropFirst(count)
        }
    }
}

/// Lines for standard output, written in large pieces.
struct StandardOutput {
    private var pending: [UInt8] = []

    mutating func print(_ line: String) {
        pending += Array(line.utf8)
        pending.append(0x0A)
        if pending.count > 1 << 16 { flush() }
    }

    /// Writes what is pending. A reader that has gone away ends the program, as it ends every filter.
    mutating func flush() {
        var rest = pending[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(1) }
            rest = rest.dropFirst(count)
        }
        pending.removeAll(keepingCapacity: true)
    }
}
