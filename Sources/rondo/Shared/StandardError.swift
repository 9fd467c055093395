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
