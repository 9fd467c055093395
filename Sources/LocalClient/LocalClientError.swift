import ClusterMap
import Glibc

/// Why the daemon could not be asked; what it answers itself is in its answer.
public struct LocalClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// As client libraries say it.
    public let code: ClientError
    /// What is known beyond that.
    public let detail: String?

    init(_ code: ClientError, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    /// What the system said, as client libraries tell it (spec: ipc.md 4.3).
    init(errno number: Int32, _ detail: String? = nil) {
        self.init(Self.code(of: number), detail)
    }

    /// The daemon does not run, or has ended the connection.
    static let gone = LocalClientError(.library)

    public var description: String { "\(code)\(detail.map { ": \($0)" } ?? "")" }

    private static func code(of number: Int32) -> ClientError {
        switch number {
        case EBADF: .badHandle
        case ENOMEM: .noMemory
        case EAGAIN, ENOBUFS, ENOMSG, ETIMEDOUT: .tryAgain
        case EBADE: .failedOperation
        case ETIME: .timeout
        case EINVAL: .invalidParameter
        case EBUSY: .busy
        case EACCES: .access
        case EOVERFLOW: .nameTooLong
        case EEXIST: .exist
        case ENOSPC: .noSpace
        case EINTR: .interrupted
        case ENOENT, ENODEV: .notExist
        case ENOSYS, ENOTSUP: .notSupported
        case EBADMSG: .messageError
        case EMSGSIZE, E2BIG: .tooBig
        default: .library
        }
    }
}
