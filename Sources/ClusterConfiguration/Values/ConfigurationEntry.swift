/// One key of the configuration with its value and the line it came from.
public struct ConfigurationEntry: Sendable, Hashable {
    /// The full name of the key in the configuration map, such as `nodelist.node.0.ring0_addr`.
    public var key: String
    public var value: ConfigurationValue
    /// Nil for a key the daemon made itself.
    public var origin: Origin?

    public init(key: String, value: ConfigurationValue, origin: Origin? = nil) {
        self.key = key
        self.value = value
        self.origin = origin
    }

    /// The line corosync-cmapctl prints for the entry: `KEY (TYPE) = VALUE`.
    public var line: String { "\(key) (\(value.type.rawValue)) = \(value)" }
}

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
