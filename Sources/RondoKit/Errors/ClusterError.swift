/// What the cluster engine, or the way to it, refused.
///
/// Its description says what was asked, the answer with Corosync's name for it, what that means and what to do:
///
///     join group 'accounts': CS_ERR_ACCESS (11): the daemon refuses this user; run as root, or allow …
public struct ClusterError: Error, Hashable, Sendable {
    /// The answer.
    public let code: Code
    /// What was asked, as in `join group 'accounts'`.
    public let operation: String
    /// What is known beyond the code's own meaning, as in `still so after 10.0 seconds`.
    public let detail: String?

    /// An error with this answer to this question.
    public init(_ code: Code, operation: String, detail: String? = nil) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }
}

extension ClusterError: CustomStringConvertible {
    public var description: String {
        let number = "\(operation): \(code.name) (\(code.rawValue))"
        let meaning = detail.map { "\(code.meaning) (\($0))" } ?? code.meaning
        return "\(number): \(meaning); \(code.remedy)"
    }
}

extension ClusterError {
    /// The object was closed by its user, by leaving or by cancellation.
    static func closed(_ operation: String) -> ClusterError {
        ClusterError(.badHandle, operation: operation, detail: "left, closed or cancelled before")
    }
}
