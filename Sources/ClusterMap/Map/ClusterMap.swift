/// The configuration map: typed values under dotted names, in order, with trackers (spec: configuration.md 7).
///
/// It knows neither who speaks to it nor what keys mean. Changes put their notifications in a queue, in the order in
/// which trackers are to hear of them; whoever made the change drains it before answering.
public struct ClusterMap: Sendable {
    var table = SortedTable<Content>()
    var counters: [Counter] = []
    var trackers = TrackerList()
    var clientNotifications: [MapNotification] = []
    var daemonNotifications: [MapNotification] = []
    var contentBytes = 0

    /// Keys closed to changes by clients.
    public var readOnly = ReadOnlyKeys()

    /// What clients may make the map hold, in bytes of names and values with 64 for each key. Beyond it their
    /// additions are refused; the daemon's own never are.
    public var sizeLimit = 64 * 1024 * 1024

    public init() {}

    /// How many keys there are.
    public var count: Int { table.count }

    enum Content: Sendable {
        case value(MapValue)
        /// An index in `counters`.
        case counter(Int)
    }

    /// The value of a key; nil when there is none.
    public subscript(name: String) -> MapValue? {
        table[name].map { value(of: $0) }
    }

    func value(of content: Content) -> MapValue {
        switch content {
        case .value(let value): value
        case .counter(let index): .u64(counters[index].value)
        }
    }
}
