extension StatisticsMap {
    /// Milliseconds between two calls of `pollTrackers`.
    public static let pollInterval: UInt64 = 1500

    /// Watches a key, or with `.prefix` (then both `.add` and `.delete` are needed) the coming and going of keys.
    ///
    /// - Throws: `.invalidParameter` for unknown flags, `.notSupported` for a prefix without both.
    public mutating func track(_ name: String?, _ flags: TrackFlags) throws(ClientError) -> TrackerID {
        guard flags.isSubset(of: .known) else { throw .invalidParameter }
        if flags.contains(.prefix), !flags.contains([.add, .delete]) { throw .notSupported }
        let tracker = trackers.add(name: name, flags: flags, owner: .client)
        if tracker.isPolled, let name, let value = self[name] { lastSeen[tracker.id] = value }
        return tracker.id
    }

    /// Stops a tracker.
    ///
    /// - Throws: `.badHandle` when there is none of this id.
    public mutating func untrack(_ id: TrackerID) throws(ClientError) {
        guard trackers.remove(id) != nil else { throw .badHandle }
        lastSeen[id] = nil
    }

    /// Whether `pollTrackers` has anything to do; the daemon needs no timer otherwise.
    public var hasPolledTrackers: Bool { trackers.all.contains { $0.isPolled } }

    /// Compares the keys of modify trackers with what they were last time. Call it every 1500 ms, with fresh figures.
    public mutating func pollTrackers() {
        for tracker in trackers.all where tracker.isPolled {
            guard let name = tracker.name, let value = self[name], lastSeen[tracker.id] != value else { continue }
            lastSeen[tracker.id] = value
            clientNotifications.append(
                MapNotification(tracker: tracker.id, event: .modify, name: name, new: value, old: value))
        }
    }

    /// Whether `takeNotifications` would return any.
    public var hasNotifications: Bool { !clientNotifications.isEmpty }

    /// What trackers have not heard yet, in order; they count as told afterwards.
    public mutating func takeNotifications() -> [MapNotification] {
        var taken: [MapNotification] = []
        swap(&taken, &clientNotifications)
        return taken
    }

    mutating func notify(_ event: MapEvent, _ name: String, value: MapValue?) {
        for tracker in trackers.all where tracker.flags.contains(event.flag) && tracker.matches(name) {
            clientNotifications.append(
                MapNotification(tracker: tracker.id, event: event, name: name, new: value, old: value))
        }
    }
}

extension Tracker {
    /// Modifications of statistics are found by comparing single keys.
    fileprivate var isPolled: Bool { flags.contains(.modify) && !flags.contains(.prefix) && name != nil }
}
