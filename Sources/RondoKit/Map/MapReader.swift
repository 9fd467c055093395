import ClientProtocol

/// Reads what trackers of the map are told.
struct MapReader: EventReader {
    func read(_ event: Answer, on _: ServiceConnection<MapChange>) throws -> (event: MapChange, weight: Int)? {
        guard let news = try CmapNotice(event) else { return nil }
        let kind: MapChange.Kind =
            switch news.event {
            case .add: .added
            case .modify: .modified
            case .delete: .deleted
            }
        let change = MapChange(
            kind: kind, key: news.name, newValue: news.new.flatMap(MapValue.init),
            oldValue: news.old.flatMap(MapValue.init))
        return (change, (news.new?.bytes.count ?? 0) + (news.old?.bytes.count ?? 0))
    }
}
