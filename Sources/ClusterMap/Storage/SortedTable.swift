/// Named elements in ascending order of their names' bytes, in blocks, so that neither finding nor inserting one among
/// many thousands moves much memory.
///
/// Stored names are ASCII, for which Swift's order of strings is the order of bytes.
struct SortedTable<Element: Sendable>: Sendable {
    struct Entry: Sendable {
        let name: String
        var element: Element
    }

    private static var blockCapacity: Int { 128 }

    /// None is empty; all names of a block are below all names of the next.
    private var blocks: [[Entry]] = []
    private(set) var count = 0

    subscript(name: String) -> Element? {
        let place = find(name)
        return place.isPresent ? blocks[place.block][place.index].element : nil
    }

    /// The first entry whose name is `name` or comes after it.
    func first(from name: String) -> Entry? {
        let place = find(name)
        return entry(block: place.block, index: place.index)
    }

    /// The first entry whose name comes after `name`, whether or not `name` itself is (still) here.
    func first(after name: String) -> Entry? {
        let place = find(name)
        return entry(block: place.block, index: place.isPresent ? place.index + 1 : place.index)
    }

    /// Inserts or replaces; returns what was there.
    @discardableResult
    mutating func set(_ name: String, _ element: Element) -> Element? {
        let place = find(name)
        if place.isPresent {
            let old = blocks[place.block][place.index].element
            blocks[place.block][place.index].element = element
            return old
        }
        count += 1
        guard place.block < blocks.count else {
            blocks.append([Entry(name: name, element: element)])
            return nil
        }
        blocks[place.block].insert(Entry(name: name, element: element), at: place.index)
        if blocks[place.block].count > Self.blockCapacity {
            let half = Self.blockCapacity / 2
            let upper = Array(blocks[place.block][half...])
            blocks[place.block].removeSubrange(half...)
            blocks.insert(upper, at: place.block + 1)
        }
        return nil
    }

    @discardableResult
    mutating func remove(_ name: String) -> Element? {
        let place = find(name)
        guard place.isPresent else { return nil }
        let entry = blocks[place.block].remove(at: place.index)
        if blocks[place.block].isEmpty { blocks.remove(at: place.block) }
        count -= 1
        return entry.element
    }

    private func entry(block: Int, index: Int) -> Entry? {
        guard block < blocks.count else { return nil }
        if index < blocks[block].count { return blocks[block][index] }
        return block + 1 < blocks.count ? blocks[block + 1].first : nil
    }

    /// Where `name` is, or where it belongs.
    private func find(_ name: String) -> (block: Int, index: Int, isPresent: Bool) {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle][0].name <= name { low = middle + 1 } else { high = middle }
        }
        let block = max(low - 1, 0)
        guard block < blocks.count else { return (0, 0, false) }
        low = 0
        high = blocks[block].count
        while low < high {
            let middle = (low + high) / 2
            if blocks[block][middle].name < name { low = middle + 1 } else { high = middle }
        }
        return (block, low, low < blocks[block].count && blocks[block][low].name == name)
    }
}
