/// Why the laboratory could not do what it was asked.
public enum LabError: Error, CustomStringConvertible {
    /// The machine lacks something the laboratory needs; each entry says what and the remedy.
    case machineNotReady([String])
    /// A program of the laboratory's own (ip, nft, unshare, …) failed.
    case commandFailed(command: String, status: String, output: String)
    /// A system call failed.
    case systemCall(name: String, errno: Int32, what: String)
    /// Something that should have happened did not happen in time; `diagnostics` shows the state of every node.
    case timedOut(what: String, limit: Duration, diagnostics: String)
    /// A daemon ended although nobody asked it to.
    case daemonEnded(node: String, status: String, diagnostics: String)
    /// A program's output was not of the shape it should have.
    case unreadable(String)

    public var description: String {
        switch self {
        case .machineNotReady(let missing):
            return "the laboratory cannot run on this machine: " + missing.joined(separator: "; ")
        case .commandFailed(let command, let status, let output):
            return "\(command): \(status)\n\(output)"
        case .systemCall(let name, let errno, let what):
            return "\(what): \(name) failed: \(describe(errno: errno))"
        case .timedOut(let what, let limit, let diagnostics):
            return "not within \(limit): \(what)\n\(diagnostics)"
        case .daemonEnded(let node, let status, let diagnostics):
            return "\(node): the daemon ended unasked, \(status)\n\(diagnostics)"
        case .unreadable(let text):
            return text
        }
    }
}
