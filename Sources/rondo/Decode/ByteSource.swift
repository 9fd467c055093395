import Glibc

/// Reads a file or standard input piece by piece, so that a capture can be explained while it is made.
struct ByteSource {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 65536)

    /// Opens `name`; `-` is standard input.
    init(_ name: String) throws(InputFile.Failure) {
        descriptor = name == "-" ? 0 : open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputFile.Failure(number: errno) }
    }

    /// Whether bytes or the end are there, at once or within `milliseconds`.
    func isReady(within milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) != 0
    }

    /// The next bytes, as many as are there; none at the end.
    mutating func next() throws(InputFile.Failure) -> ArraySlice<UInt8> {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputFile.Failure(number: errno) }
            return buffer.prefix(count)
        }
    }

    func end() {
        if descriptor > 0 { close(descriptor) }
    }
}
