import ClusterMap
import TotemWire

/// Serves libcmap: what each connection has open, requests into changes of the maps, changes into notifications.
///
/// Handles are valid only on the connection they were given to.
public struct CmapFrontend: Sendable {
    /// Iterators, and trackers, that one connection may have open at once.
    public static let handleLimit = 1024

    var clients: [ConnectionID: CmapClient] = [:]
    var mapTrackers: [TrackerID: CmapTrackerOwner] = [:]
    var statisticsTrackers: [TrackerID: CmapTrackerOwner] = [:]
    private var nextHandle: UInt64 = 1
    private var writer = ByteWriter()

    public init() {}

    public mutating func connectionOpened(_ connection: ConnectionID) { clients[connection] = CmapClient() }

    /// Forgets all the connection had open.
    public mutating func connectionClosed(
        _ connection: ConnectionID, map: inout ClusterMap, statistics: inout StatisticsMap
    ) {
        guard let client = clients.removeValue(forKey: connection) else { return }
        for open in client.trackers {
            switch client.map {
            case .configuration:
                try? map.untrack(open.tracker)
                mapTrackers[open.tracker] = nil
            case .statistics:
                try? statistics.untrack(open.tracker)
                statisticsTrackers[open.tracker] = nil
            }
        }
    }

    /// Whether the connection reads the statistics map, whose figures are then to be refreshed before `handle`.
    public func readsStatistics(_ connection: ConnectionID) -> Bool { clients[connection]?.map == .statistics }

    /// Handles one request. Send what `takeEvents` gives before the response (spec: ipc.md 8.2).
    ///
    /// - Parameter response: receives the response; its earlier content is forgotten.
    public mutating func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, map: inout ClusterMap,
        statistics: inout StatisticsMap, response: inout ByteWriter
    ) -> RequestOutcome {
        do {
            let request = try CmapRequest(decoding: request)
            answer(request, from: connection, map: &map, statistics: &statistics).encode(into: &response)
            return .answered
        } catch {
            response.refuseInvalid()
            return .invalid
        }
    }

    /// The notifications of all changes since the last call, in order, for the connections that track them.
    public mutating func takeEvents(map: inout ClusterMap, statistics: inout StatisticsMap) -> [ClientMessage] {
        var events: [ClientMessage] = []
        for notification in map.takeNotifications(for: .client) {
            append(notification, of: mapTrackers[notification.tracker], to: &events)
        }
        for notification in statistics.takeNotifications() {
            append(notification, of: statisticsTrackers[notification.tracker], to: &events)
        }
        return events
    }

    private mutating func append(
        _ notification: MapNotification, of owner: CmapTrackerOwner?, to events: inout [ClientMessage]
    ) {
        guard let owner else { return }
        writer.cmapNotification(notification, instance: owner.instance)
        events.append(ClientMessage(.event, to: owner.connection, bytes: writer.bytes))
    }

    mutating func newHandle() -> UInt64 {
        defer { nextHandle += 1 }
        return nextHandle
    }
}

/// The two maps, by the number clients select them with.
enum CmapMapNumber: Int32, Sendable {
    case configuration = 0
    case statistics = 1
}

/// What one connection has open.
struct CmapClient: Sendable {
    var map = CmapMapNumber.configuration
    var iterators: [(handle: UInt64, iterator: MapIterator)] = []
    var trackers: [(handle: UInt64, tracker: TrackerID)] = []
}

/// Whom a tracker's notifications are for.
struct CmapTrackerOwner: Sendable {
    let connection: ConnectionID
    let instance: UInt64
}
