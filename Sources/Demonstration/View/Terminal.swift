import Glibc

/// Where the story goes: a terminal with a live picture below it, or plain lines.
final class Terminal {
    private let descriptor: Int32
    /// A picture is drawn and drawn again.
    let isLive: Bool
    private let isColored: Bool
    /// Lines of the picture on the screen, above the cursor.
    private var drawn = 0
    private var isCursorHidden = false

    init(descriptor: Int32, isLive: Bool, isColored: Bool) {
        self.descriptor = descriptor
        self.isLive = isLive
        self.isColored = isColored
    }

    deinit { close() }

    /// Columns; one is left free, so that no terminal wraps a full line.
    private(set) var width = 79
    private var height = 24

    /// Asks the terminal for its size.
    func measure() {
        guard isLive else { return }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return }
        width = max(20, min(Int(size.ws_col) - 1, 79))
        height = max(2, Int(size.ws_row))
    }

    /// Prints lines that stay, and draws the picture anew below them.
    func show(_ lines: [StyledLine], picture: [StyledLine]) {
        guard isLive else {
            write(lines.map { $0.rendered(colored: isColored, width: .max) + "\n" }.joined())
            return
        }
        measure()
        // A picture that the terminal cannot take now is left out: the ring must not wait for it.
        guard !lines.isEmpty || isReady else { return }
        var output = "\u{1B}[?2026h"
        if !isCursorHidden { output += "\u{1B}[?25l" }
        isCursorHidden = true
        output += erasure
        for line in lines { output += line.rendered(colored: isColored, width: width) + "\n" }
        let shown = picture.suffix(height - 1)
        for line in shown { output += line.rendered(colored: isColored, width: width) + "\n" }
        drawn = shown.count
        write(output + "\u{1B}[?2026l")
    }

    /// Takes the picture away and leaves the terminal as it was.
    func close() {
        guard isLive, isCursorHidden else { return }
        isCursorHidden = false
        write(erasure + "\u{1B}[?25h")
        drawn = 0
    }

    private var erasure: String { drawn > 0 ? "\r\u{1B}[\(drawn)A\u{1B}[J" : "\r\u{1B}[J" }

    private var isReady: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    private func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            // The buffer lives through the call, which reads as many bytes as it has.
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&entry, 1, 1000)
                continue
            }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
