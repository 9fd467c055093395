import Links

extension LinksConfiguration {
    /// What leads from one configuration of links to another. A path is known by its node and its number: what it runs over
    /// does not change.
    struct Change: Equatable {
        var added: [Path] = []
        var removed: [Path] = []
        /// Watched or preferred in another way.
        var retimed: [Path] = []
    }

    private struct Place: Hashable {
        var host: HostID
        var number: Links.LinkNumber

        init(_ path: Path) {
            host = path.host
            number = path.link.number
        }
    }

    func change(from old: LinksConfiguration) -> Change {
        let known = Dictionary(old.paths.map { (Place($0), $0) }) { first, _ in first }
        let wanted = Set(paths.map(Place.init))
        var change = Change()
        for path in paths {
            guard let before = known[Place(path)] else {
                change.added.append(path)
                continue
            }
            if before.link.timing != path.link.timing || before.link.priority != path.link.priority {
                change.retimed.append(path)
            }
        }
        change.removed = old.paths.filter { !wanted.contains(Place($0)) }
        return change
    }
}
