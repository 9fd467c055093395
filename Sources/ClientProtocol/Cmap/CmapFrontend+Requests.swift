import ClusterMap

extension CmapFrontend {
    mutating func answer(
        _ request: CmapRequest, from connection: ConnectionID, map: inout ClusterMap, statistics: inout StatisticsMap
    ) -> CmapResponse {
        let selected = clients[connection, default: CmapClient()].map
        switch request {
        case .set(let name, let type, let value):
            return .set(
                failure { () throws(ClientError) in
                    switch selected {
                    case .configuration:
                        guard !map.readOnly.contains(name) else { throw .access }
                        try map.set(name, MapValue(type: type, bytes: value), from: .client)
                    case .statistics: try statistics.set(name)
                    }
                })
        case .delete(let name):
            return .delete(
                failure { () throws(ClientError) in
                    switch selected {
                    case .configuration: try map.delete(name, from: .client)
                    case .statistics: try statistics.refuseChange(of: name)
                    }
                })
        case .adjust(let name, let step):
            return .adjust(
                failure { () throws(ClientError) in
                    switch selected {
                    case .configuration: try map.adjust(name, by: step, from: .client)
                    case .statistics: try statistics.refuseChange(of: name)
                    }
                })
        case .get(let name, let room):
            guard let value = selected == .configuration ? map[name] : statistics[name] else {
                return .getFailed(.notExist)
            }
            if room != 0, room < UInt64(value.byteCount) { return .getFailed(.invalidParameter) }
            return .got(value, room: room)
        case .startIteration(let prefix): return startIteration(prefix: prefix, of: connection)
        case .iterate(let handle): return iterate(handle, of: connection, map: map, statistics: statistics)
        case .endIteration(let handle): return endIteration(handle, of: connection)
        case .track(let name, let flags, let instance):
            return track(
                name, TrackFlags(rawValue: flags), instance: instance, of: connection, map: &map,
                statistics: &statistics)
        case .untrack(let handle): return untrack(handle, of: connection, map: &map, statistics: &statistics)
        case .selectMap(let number): return selectMap(number, of: connection)
        }
    }

    private func failure(_ change: () throws(ClientError) -> Void) -> ClientError? {
        do {
            try change()
            return nil
        } catch {
            return error
        }
    }

    private mutating func startIteration(prefix: String, of connection: ConnectionID) -> CmapResponse {
        guard clients[connection, default: CmapClient()].iterators.count < Self.handleLimit else {
            return .iterationRefused(.noResources)
        }
        let handle = newHandle()
        clients[connection, default: CmapClient()].iterators.append((handle, MapIterator(prefix: prefix)))
        return .iterationStarted(handle: handle)
    }

    private mutating func iterate(
        _ handle: UInt64, of connection: ConnectionID, map: ClusterMap, statistics: StatisticsMap
    ) -> CmapResponse {
        guard let client = clients[connection],
            let place = client.iterators.firstIndex(where: { $0.handle == handle })
        else { return .iterationEnded(.badHandle) }
        var iterator = client.iterators[place].iterator
        defer { clients[connection]?.iterators[place].iterator = iterator }
        switch client.map {
        case .configuration:
            guard let entry = map.next(&iterator) else { return .iterationEnded(.noSections) }
            return .iterated(name: entry.name, type: entry.value.type, length: entry.value.byteCount)
        case .statistics:
            guard let entry = statistics.next(&iterator) else { return .iterationEnded(.noSections) }
            let length = entry.value.type == .string ? 0 : entry.value.byteCount
            return .iterated(name: entry.name, type: entry.value.type, length: length)
        }
    }

    private mutating func endIteration(_ handle: UInt64, of connection: ConnectionID) -> CmapResponse {
        guard let place = clients[connection]?.iterators.firstIndex(where: { $0.handle == handle }) else {
            return .endIteration(.badHandle)
        }
        clients[connection]?.iterators.remove(at: place)
        return .endIteration(nil)
    }

    private mutating func track(
        _ name: String?, _ flags: TrackFlags, instance: UInt64, of connection: ConnectionID, map: inout ClusterMap,
        statistics: inout StatisticsMap
    ) -> CmapResponse {
        let client = clients[connection, default: CmapClient()]
        guard client.trackers.count < Self.handleLimit else { return .trackRefused(.noResources) }
        let owner = CmapTrackerOwner(connection: connection, instance: instance)
        do {
            let tracker: TrackerID
            switch client.map {
            case .configuration:
                tracker = try map.track(name, flags, for: .client)
                mapTrackers[tracker] = owner
            case .statistics:
                tracker = try statistics.track(name, flags)
                statisticsTrackers[tracker] = owner
            }
            let handle = newHandle()
            clients[connection, default: CmapClient()].trackers.append((handle, tracker))
            return .tracked(handle: handle)
        } catch {
            return .trackRefused(error)
        }
    }

    private mutating func untrack(
        _ handle: UInt64, of connection: ConnectionID, map: inout ClusterMap, statistics: inout StatisticsMap
    ) -> CmapResponse {
        guard let client = clients[connection],
            let place = client.trackers.firstIndex(where: { $0.handle == handle })
        else { return .untrackRefused(.badHandle) }
        let tracker = client.trackers[place].tracker
        clients[connection]?.trackers.remove(at: place)
        let owner: CmapTrackerOwner?
        switch client.map {
        case .configuration:
            try? map.untrack(tracker)
            owner = mapTrackers.removeValue(forKey: tracker)
        case .statistics:
            try? statistics.untrack(tracker)
            owner = statisticsTrackers.removeValue(forKey: tracker)
        }
        return .untracked(instance: owner?.instance ?? 0)
    }

    private mutating func selectMap(_ number: Int32, of connection: ConnectionID) -> CmapResponse {
        let client = clients[connection, default: CmapClient()]
        guard client.iterators.isEmpty, client.trackers.isEmpty else { return .selectMap(.busy) }
        guard let map = CmapMapNumber(rawValue: number) else { return .selectMap(.notExist) }
        clients[connection, default: CmapClient()].map = map
        return .selectMap(nil)
    }
}
