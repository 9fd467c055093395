extension KeyTable {
    /// The known key of the same section that `key` was most likely meant to be; nil when none is close.
    public static func suggestion(forMapKey key: String) -> String? {
        guard description(forMapKey: key) == nil else { return nil }
        let (section, written) = divide(key)
        let name = Array(written.utf8)
        var best: (name: String, distance: Int)?
        for candidate in sections(named: section).flatMap(\.names) {
            let length = candidate.utf8.count
            guard length > 1, abs(length - name.count) <= 2 else { continue }
            let distance = editDistance(name, Array(candidate.utf8))
            if distance <= 2, distance < length / 2, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best.map { (section + [Substring($0.name)]).joined(separator: ".") }
    }

    /// Insertions, deletions and changes of one byte that turn `a` into `b`, exchanging two neighbours counted as one.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64 else { return .max }
        var older: [Int] = []
        var previous = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var row = [i + 1]
            for (j, y) in b.enumerated() {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (x == y ? 0 : 1))
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, older[j - 1] + 1) }
                row.append(cost)
            }
            older = previous
            previous = row
        }
        return previous.last ?? a.count
    }
}
