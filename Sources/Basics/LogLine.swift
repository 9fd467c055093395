/// One thing worth telling the administrator.
///
/// Rooms without I/O return these; the shell decides where they go. Texts that programs parse keep Corosync's wording
/// to the letter (spec: daemon-and-tools.md 2.4); all others say what happened, where, and what to do.
public struct LogLine: Sendable, Equatable {
    public var severity: Severity
    public var subsystem: Subsystem
    public var text: String

    public init(_ severity: Severity, _ subsystem: Subsystem, _ text: String) {
        self.severity = severity
        self.subsystem = subsystem
        self.text = text
    }
}
