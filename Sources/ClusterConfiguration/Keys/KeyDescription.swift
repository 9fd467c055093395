/// What the daemon knows about one key of the configuration (spec: configuration.md 3). Which keys clients may not change,
/// the map knows (`ReadOnlyKeys`).
public struct KeyDescription: Sendable, Hashable {
    /// The nesting of sections in the file, such as `totem.interface.mcastport`.
    public var path: String
    /// The name in the configuration map, with `L` for a link, `P` for a node's position, `S` for a subsystem.
    public var mapKey: String
    public var type: ConfigurationType
    public var permitted: PermittedValues
    /// The default as the administrator would write it; empty for none.
    public var defaultValue: String
    public var unit: Unit
    public var change: ChangeClass
    public var meaning: String

    init(
        _ path: String, in mapKey: String? = nil, type: ConfigurationType = .string,
        allowing permitted: PermittedValues = .any, default defaultValue: String = "", unit: Unit = .none,
        change: ChangeClass, _ meaning: String
    ) {
        self.path = path
        self.mapKey = mapKey ?? path
        self.type = type
        self.permitted = permitted
        self.defaultValue = defaultValue
        self.unit = unit
        self.change = change
        self.meaning = meaning
    }

    /// The range or the words a value may have, for error texts; nil when any text will do.
    public var permittedText: String? {
        switch permitted {
        case .any: type.rangeText.map { "an integer \($0.lowest)..\($0.highest)" }
        case .words(let words, _): words.joined(separator: ", ")
        case .range(let lowest, let highest): "\(lowest)..\(highest)"
        }
    }
}

public enum PermittedValues: Sendable, Hashable {
    /// Whatever the type can hold.
    case any
    /// One of these words. With a refusal, the parser rejects other words with that text.
    case words([String], refusal: String? = nil)
    /// Numbers outside are rejected, or replaced by the default, when the value is used.
    case range(UInt64, UInt64)
}

public enum Unit: String, Sendable, Hashable {
    case none = ""
    case milliseconds = "ms"
    case seconds = "s"
    case percent = "%"
    case bytes = "B"
}

/// What a changed value does while the daemon runs (spec: configuration.md 3, column "Change").
public enum ChangeClass: String, Sendable, Hashable {
    /// Takes effect on reload and on each change of the key in the map.
    case volatile
    /// Takes effect on reload only.
    case reload
    /// Refused on reload; the old value stays.
    case refused
    /// Accepted, but without effect before the next start.
    case startOnly
}
