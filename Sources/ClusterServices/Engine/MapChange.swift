import ClusterMap

/// A key of the configuration map that a service sets or removes.
public struct MapChange: Sendable, Equatable {
    public var key: String
    /// `nil` removes the key.
    public var value: MapValue?

    public init(_ key: String, _ value: MapValue?) {
        self.key = key
        self.value = value
    }
}
