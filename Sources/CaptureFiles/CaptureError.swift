/// Where a capture cannot be read, and why.
public struct CaptureError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Place: Equatable, Sendable {
        /// Bytes from the start of the file.
        case offset(Int)
        /// Line of a text, counted from 1.
        case line(Int)
    }

    public var place: Place
    public var reason: String

    public init(offset: Int, _ reason: String) {
        place = .offset(offset)
        self.reason = reason
    }

    public init(line: Int, _ reason: String) {
        place = .line(line)
        self.reason = reason
    }

    public var description: String {
        switch place {
        case .offset(let offset): "at byte \(offset): \(reason)"
        case .line(let line): "line \(line): \(reason)"
        }
    }
}
