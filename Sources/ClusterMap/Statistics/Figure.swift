/// A figure that somebody else keeps and the statistics map shows.
public struct Figure: Sendable, Equatable {
    public enum Kind: Sendable {
        /// Counts up, always as `.u64`; shown since it was last cleared.
        case counter
        /// Stays as it is when the map is cleared.
        case gauge
    }

    public var key: String
    public var kind: Kind
    /// As its owner has it: of counters since the owner's start, clearing them is the map's affair.
    public var value: MapValue

    public init(_ key: String, _ kind: Kind, _ value: MapValue) {
        self.key = key
        self.kind = kind
        self.value = value
    }
}
