extension StatisticsMap {
    private static let clearPrefix = "stats.clear."

    /// A client sets a key: `stats.clear.` with `knet`, `ipc`, `totem`, `schedmiss` or `all` (or anything that starts
    /// so) clears; type and value do not matter.
    ///
    /// - Throws: `.notSupported` for other names under `stats.clear.`, `.access` for all others.
    public mutating func set(_ name: String) throws(ClientError) {
        try checkClears(name)
        let what = String(name.dropFirst(Self.clearPrefix.count))
        if what.startsByBytes(with: "totem") {
            clearFigures()
        } else if what.startsByBytes(with: "ipc") {
            clearConnections()
        } else if what.startsByBytes(with: "schedmiss") {
            clearSchedulingMisses()
        } else if what.startsByBytes(with: "all") {
            clearFigures()
            clearConnections()
            clearSchedulingMisses()
            hasClearedGroups = true
        } else if what.startsByBytes(with: "knet") {
            hasClearedGroups = true
        } else {
            throw .notSupported
        }
    }

    /// A client deletes or adjusts a key, which it never may.
    ///
    /// - Throws: `.notSupported` under `stats.clear.`, `.access` elsewhere.
    public func refuseChange(of name: String) throws(ClientError) {
        try checkClears(name)
        throw .notSupported
    }

    private func checkClears(_ name: String) throws(ClientError) {
        guard name.startsByBytes(with: Self.clearPrefix) else { throw .access }
    }
}
