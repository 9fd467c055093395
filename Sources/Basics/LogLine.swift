/// One thing worth telling the administrator.
///
/// Rooms without I/O return these; the shell decides where they go. Texts that programs parse keep Corosync's wording
/// to the letter (spec: daemon-and-tools.md 2.4); all others say what happened, where, and what to do.
public struct LogLine: Sendable, Equatable {
    public var severity: Severity
    public var subsystem: Subsystem
    public var text: String
    /// Of a line that somebody outside can bring about as often as he likes: no more than a few of a kind are written.
    public var kind: LineKind?

    public init(_ severity: Severity, _ subsystem: Subsystem, _ text: String, kind: LineKind? = nil) {
        self.kind = kind
        self.severity = severity
        self.subsystem = subsystem
        self.text = text
    }
}
