/// The figures of something that comes and goes, such as a link: their keys begin alike.
public struct FigureGroup: Sendable {
    /// What all keys begin with, to the last dot.
    public let prefix: String
    /// In an order that stays the same as long as the group is shown.
    public var figures: [(name: String, value: MapValue)]

    public init(_ prefix: String, _ figures: [(name: String, value: MapValue)]) {
        self.prefix = prefix
        self.figures = figures
    }
}

extension StatisticsMap {
    /// Shows these groups with these values, and no others: keys of new ones appear, keys of those that are gone disappear.
    public mutating func show(_ shown: [FigureGroup]) {
        let prefixes = Set(shown.map(\.prefix))
        for prefix in groups.keys.sorted() where !prefixes.contains(prefix) { remove(group: prefix) }
        for group in shown {
            let isNew = groups.updateValue(group, forKey: group.prefix) == nil
            guard isNew else { continue }
            for (index, figure) in group.figures.enumerated() {
                let name = group.prefix + figure.name
                table.set(name, .member(of: group.prefix, index))
                notify(.add, name, value: figure.value)
            }
        }
    }

    private mutating func remove(group prefix: String) {
        guard let group = groups.removeValue(forKey: prefix) else { return }
        for figure in group.figures {
            let name = prefix + figure.name
            table.remove(name)
            notify(.delete, name, value: figure.value)
        }
    }

    func value(of prefix: String, _ index: Int) -> MapValue? {
        guard let group = groups[prefix], group.figures.indices.contains(index) else { return nil }
        return group.figures[index].value
    }

    /// Whether a client has asked since the last call that the figures of the groups begin anew, which is their owner's affair.
    public mutating func takeGroupsCleared() -> Bool {
        defer { hasClearedGroups = false }
        return hasClearedGroups
    }
}
