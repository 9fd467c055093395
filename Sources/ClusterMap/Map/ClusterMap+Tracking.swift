extension ClusterMap {
    /// Watches a key, or with `.prefix` all keys that start with `name`. The key need not exist; the same may be
    /// watched any number of times. Without any event flag, or without both name and `.prefix`, it never fires.
    ///
    /// - Throws: `.invalidParameter` for unknown flags.
    public mutating func track(_ name: String?, _ flags: TrackFlags, for owner: MapOrigin = .daemon)
        throws(ClientError) -> TrackerID
    {
        guard flags.isSubset(of: .known) else { throw .invalidParameter }
        let tracker = trackers.add(name: name, flags: flags, owner: owner)
        refreshTrackedCounters()
        return tracker.id
    }

    /// Stops a tracker.
    ///
    /// - Throws: `.badHandle` when there is none of this id.
    public mutating func untrack(_ id: TrackerID) throws(ClientError) {
        guard trackers.remove(id) != nil else { throw .badHandle }
        refreshTrackedCounters()
    }

    /// What trackers of `owner` have not heard yet, in order; they count as told afterwards.
    public mutating func takeNotifications(for owner: MapOrigin) -> [MapNotification] {
        var taken: [MapNotification] = []
        switch owner {
        case .client: swap(&taken, &clientNotifications)
        case .daemon: swap(&taken, &daemonNotifications)
        }
        return taken
    }

    /// Whether `takeNotifications` would return any.
    public func hasNotifications(for owner: MapOrigin) -> Bool {
        owner == .client ? !clientNotifications.isEmpty : !daemonNotifications.isEmpty
    }

    mutating func notify(_ event: MapEvent, _ name: String, new: MapValue?, old: MapValue?) {
        for tracker in trackers.all where tracker.flags.contains(event.flag) && tracker.matches(name) {
            let notification = MapNotification(tracker: tracker.id, event: event, name: name, new: new, old: old)
            switch tracker.owner {
            case .client: clientNotifications.append(notification)
            case .daemon: daemonNotifications.append(notification)
            }
        }
    }
}
