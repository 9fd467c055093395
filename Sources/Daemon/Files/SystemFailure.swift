import Glibc

/// A system call that failed: what was tried, on what, and why.
public struct SystemFailure: Error, Equatable, CustomStringConvertible {
    public var action: String
    public var code: Int32

    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    /// The C library's text for an errno value.
    public static func text(of code: Int32) -> String {
        guard let text = strerror(code) else { return "error" }
        return String(cString: text)
    }

    /// `TEXT (ERRNO)`
    public var reason: String { "\(Self.text(of: code)) (\(code))" }

    /// `ACTION: TEXT (ERRNO)`, the shape of Corosync's own errno messages.
    public var description: String { "\(action): \(reason)" }
}

/// A descriptor that is closed with its owner.
final class FileDescriptor: Sendable {
    let rawValue: Int32

    init(_ rawValue: Int32) { self.rawValue = rawValue }

    deinit { close(rawValue) }
}
