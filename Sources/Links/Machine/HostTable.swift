/// The other nodes in the order in which they were added, found by their number without a search.
struct HostTable: Sendable {
    private(set) var hosts: [Host] = []
    /// For each number one more than the place in `hosts`; 0 for none.
    private var places: [UInt16] = []

    var indices: Range<Int> { hosts.indices }

    subscript(index: Int) -> Host {
        _read { yield hosts[index] }
        _modify { yield &hosts[index] }
    }

    func index(of id: HostID) -> Int? {
        let number = Int(id.rawValue)
        guard number < places.count, places[number] > 0 else { return nil }
        return Int(places[number]) - 1
    }

    /// The place of a host, which is added if it is new.
    mutating func place(of id: HostID, _ policy: LinkPolicy) -> Int {
        if let known = index(of: id) { return known }
        hosts.append(Host(id, policy))
        number()
        return hosts.count - 1
    }

    mutating func remove(at index: Int) {
        hosts.remove(at: index)
        number()
    }

    private mutating func number() {
        let highest = hosts.map { Int($0.id.rawValue) }.max() ?? -1
        places = [UInt16](repeating: 0, count: highest + 1)
        for index in hosts.indices { places[Int(hosts[index].id.rawValue)] = UInt16(clamping: index + 1) }
    }
}
