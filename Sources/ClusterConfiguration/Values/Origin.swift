/// Where in the configuration something was written.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// The file's name as the administrator gave it.
    public var file: String
    /// The line, counted from 1; 0 when there are no lines.
    public var line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public var description: String { line == 0 ? file : "\(file):\(line)" }
}
