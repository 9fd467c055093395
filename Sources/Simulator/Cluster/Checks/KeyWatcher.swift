/// What one who tracks keys of the map has been told.
struct KeyWatcher: Sendable {
    let node: Int
    /// Nil for a key that has been deleted; keys without an entry have not changed since the tracking began.
    var values: [String: UInt32?] = [:]
}

/// Keys that programs set in the map of their node (spec: ipc.md 8).
extension ClusterChecker {
    mutating func answeredKeys(_ connection: Int, _ question: Program.Question, _ message: LibraryMessage) {
        guard let node = keyWatchers[connection]?.node else { return }
        switch question {
        case .set(let key, let value):
            require(message.isSuccess, .answers, "setting \(key) gets error \(message.error)")
            keys[node][key] = value
        case .delete(let key):
            let error: UInt32 = keys[node][key] == nil ? 12 : 1
            require(message.error == error, .answers, "deleting \(key) gets error \(message.error), not \(error)")
            keys[node][key] = nil
        case .get(let key):
            let error: UInt32 = keys[node][key] == nil ? 12 : 1
            require(
                message.error == error && (keys[node][key] == nil || keys[node][key] == message.u32(40)), .mapChanges,
                "\(key) on node \(ids[node]) reads \(message.u32(40)) (error \(message.error)), set was "
                    + "\(keys[node][key].map(String.init) ?? "nothing")")
        default: break
        }
    }

    mutating func readKeys(_ connection: Int, _ message: LibraryMessage) {
        guard var watcher = keyWatchers[connection] else { return }
        let key = String(decoding: message.bytes.dropFirst(40).prefix { $0 != 0 }, as: UTF8.self)
        let event = message.u32(296)
        let new: UInt32? = message.u64(320) == 4 ? message.u32(336) : nil
        let old: UInt32? = message.u64(328) == 4 ? message.u32(336 + (new == nil ? 0 : 4)) : nil
        require(
            event == (new == nil ? 1 : old == nil ? 4 : 2), .mapChanges,
            "a change of \(key) is told as \(event), from \(old.map(String.init) ?? "nothing") to "
                + "\(new.map(String.init) ?? "nothing")")
        if let known = watcher.values[key] {
            require(known == old, .mapChanges, "a change of \(key) leaves out the one before")
        }
        watcher.values[key] = .some(new)
        keyWatchers[connection] = watcher
    }

    /// Everything has been read: the last value told is the one that is there.
    mutating func finishKeys() {
        for connection in keyWatchers.keys.sorted() {
            guard let watcher = keyWatchers[connection] else { continue }
            for key in watcher.values.keys.sorted() {
                guard let told = watcher.values[key] else { continue }
                require(
                    told == keys[watcher.node][key], .mapChanges,
                    "the last change of \(key) on node \(ids[watcher.node]) was not told")
            }
        }
    }
}
